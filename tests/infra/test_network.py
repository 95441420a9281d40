"""The edges that functions need, and no other, are open."""

from collections.abc import Iterator
from typing import Any

from tests.infra.assembly import Assembly, Resource

HTTPS = 443


def groups(assembly: Assembly, values: list[Any]) -> list[Resource]:
    found = [assembly.target(value) for value in values]
    assert None not in found
    return [group for group in found if group]


def rules(assembly: Assembly, group: Resource, direction: str) -> Iterator[dict[str, Any]]:
    """`direction`: Ingress or Egress. A rule stands in its group or beside it."""
    yield from group.properties.get(f"SecurityGroup{direction}", [])
    for rule in assembly.of_type(f"AWS::EC2::SecurityGroup{direction}"):
        if assembly.target(rule.properties["GroupId"]) == group:
            yield rule.properties


def opens(rule: dict[str, Any], port: int) -> bool:
    if rule["IpProtocol"] == "-1":
        return True
    return bool(rule["IpProtocol"] == "tcp" and rule["FromPort"] <= port <= rule["ToPort"])


def worn(assembly: Assembly, function: Resource) -> list[Resource]:
    return groups(assembly, function.properties["VpcConfig"]["SecurityGroupIds"])


def reaches_database(assembly: Assembly, function: Resource) -> bool:
    [cluster] = assembly.of_type("AWS::RDS::DBCluster")
    port = cluster.properties["Port"]
    return any(
        may_leave(assembly, mine, database, port) and may_enter(assembly, mine, database, port)
        for database in groups(assembly, cluster.properties["VpcSecurityGroupIds"])
        for mine in worn(assembly, function)
    )


def may_leave(assembly: Assembly, mine: Resource, theirs: Resource, port: int) -> bool:
    return any(
        opens(rule, port)
        and (
            rule.get("CidrIp") == "0.0.0.0/0"
            or assembly.target(rule.get("DestinationSecurityGroupId")) == theirs
        )
        for rule in rules(assembly, mine, "Egress")
    )


def may_enter(assembly: Assembly, mine: Resource, theirs: Resource, port: int) -> bool:
    return any(
        opens(rule, port) and assembly.target(rule.get("SourceSecurityGroupId")) == mine
        for rule in rules(assembly, theirs, "Ingress")
    )


def reaches_https(assembly: Assembly, function: Resource) -> bool:
    return any(
        opens(rule, HTTPS) and rule.get("CidrIp") == "0.0.0.0/0"
        for mine in worn(assembly, function)
        for rule in rules(assembly, mine, "Egress")
    )


def reaches_search(assembly: Assembly, function: Resource) -> bool:
    return any(
        may_leave(assembly, mine, domain, HTTPS) and may_enter(assembly, mine, domain, HTTPS)
        for domain in search_groups(assembly)
        for mine in worn(assembly, function)
    )


def search_groups(assembly: Assembly) -> list[Resource]:
    return [
        group
        for domain in assembly.of_type("AWS::OpenSearchService::Domain")
        for group in groups(assembly, domain.properties["VPCOptions"]["SecurityGroupIds"])
    ]


def needs_search(function: Resource) -> bool:
    return "ELASTICSEARCH_URL" in function.properties["Environment"]["Variables"]


def needs_database(function: Resource) -> bool:
    return "DATABASE_SECRET_ARN" in function.properties["Environment"]["Variables"]


def needs_https(assembly: Assembly, function: Resource) -> bool:
    """Whoever may call AWS has to reach it."""
    return any(assembly.statements(assembly.role(function), platform=False))


def test_a_function_reaches_the_database_exactly_if_it_has_its_secret(assembly: Assembly) -> None:
    for name, function in assembly.functions().items():
        assert reaches_database(assembly, function) is needs_database(function), name


def test_a_function_reaches_aws_exactly_if_it_may_call_it(assembly: Assembly) -> None:
    for name, function in assembly.functions().items():
        assert reaches_https(assembly, function) is needs_https(assembly, function), name


def test_a_function_reaches_opensearch_exactly_if_it_has_its_address(assembly: Assembly) -> None:
    assert bool(search_groups(assembly)) is bool(assembly.config.search)
    for name, function in assembly.functions().items():
        assert reaches_search(assembly, function) is needs_search(function), name


def test_nothing_but_wearers_of_its_edge_reaches_opensearch(assembly: Assembly) -> None:
    for group in search_groups(assembly):
        [rule] = rules(assembly, group, "Ingress")
        assert assembly.target(rule["SourceSecurityGroupId"])
        assert opens(rule, HTTPS)


def test_every_group_that_a_function_wears_is_an_edge_that_it_needs(assembly: Assembly) -> None:
    for name, function in assembly.functions().items():
        edges = needs_database(function) + needs_https(assembly, function)
        edges += needs_search(function)
        assert len(worn(assembly, function)) == edges, name


def test_nothing_but_wearers_of_its_edge_reaches_the_database(assembly: Assembly) -> None:
    [cluster] = assembly.of_type("AWS::RDS::DBCluster")
    for group in groups(assembly, cluster.properties["VpcSecurityGroupIds"]):
        sources = [rule.get("SourceSecurityGroupId") for rule in rules(assembly, group, "Ingress")]
        assert len(sources) == 1
        assert assembly.target(sources[0])


def test_no_group_of_a_function_can_be_entered(assembly: Assembly) -> None:
    for function in assembly.functions().values():
        for group in worn(assembly, function):
            assert not list(rules(assembly, group, "Ingress")), group


def test_function_subnets_have_one_way_out_each_and_the_database_none(assembly: Assembly) -> None:
    for subnet in assembly.of_type("AWS::EC2::Subnet"):
        ways = [r for r in routes(assembly, subnet) if r.get("DestinationCidrBlock") == "0.0.0.0/0"]
        if "functions" in subnet.id:
            assert len(ways) == 1, subnet
            assert ways[0].keys() & {"InstanceId", "NatGatewayId"}, subnet
        if "database" in subnet.id:
            assert ways == [], subnet


def test_s3_is_reached_without_the_way_out(assembly: Assembly) -> None:
    [endpoint] = assembly.of_type("AWS::EC2::VPCEndpoint")
    tables = {
        found.id for t in endpoint.properties["RouteTableIds"] if (found := assembly.target(t))
    }

    assert endpoint.properties["VpcEndpointType"] == "Gateway"
    for function in assembly.functions().values():
        for value in function.properties["VpcConfig"]["SubnetIds"]:
            subnet = assembly.target(value)
            assert subnet
            assert table_of(assembly, subnet).id in tables, subnet


def table_of(assembly: Assembly, subnet: Resource) -> Resource:
    [table] = [
        assembly.target(association.properties["RouteTableId"])
        for association in assembly.of_type("AWS::EC2::SubnetRouteTableAssociation")
        if assembly.target(association.properties["SubnetId"]) == subnet
    ]
    assert table
    return table


def routes(assembly: Assembly, subnet: Resource) -> list[dict[str, Any]]:
    table = table_of(assembly, subnet)
    return [
        route.properties
        for route in assembly.of_type("AWS::EC2::Route")
        if assembly.target(route.properties["RouteTableId"]) == table
    ]


def test_one_nat_instance_in_dev_and_a_gateway_per_zone_in_prod(assembly: Assembly) -> None:
    gateways = assembly.of_type("AWS::EC2::NatGateway")
    instances = assembly.of_type("AWS::EC2::Instance")

    if assembly.config.nat_instance:
        assert (len(instances), len(gateways)) == (1, 0)
    else:
        assert (len(instances), len(gateways)) == (0, len(assembly.config.availability_zones))
