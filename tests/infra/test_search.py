"""OpenSearch: protected, watched, and only where it is switched on."""

from typing import Any

from infra import functions
from tests.infra.assembly import Assembly, Resource

ALARMS = {
    "ClusterStatus.red",
    "ClusterIndexWritesBlocked",
    "JVMMemoryPressure",
    "CPUUtilization",
    "AutomatedSnapshotFailure",
}


def domains(assembly: Assembly) -> list[Resource]:
    return assembly.of_type("AWS::OpenSearchService::Domain")


def watched(assembly: Assembly) -> set[str]:
    """Metrics of the domain that ring, those in an expression included."""
    found: list[dict[str, Any]] = []
    for alarm in assembly.of_type("AWS::CloudWatch::Alarm"):
        found.append(alarm.properties)
        found += [
            one["MetricStat"]["Metric"]
            for one in alarm.properties.get("Metrics", [])
            if "MetricStat" in one
        ]
    return {one["MetricName"] for one in found if one.get("Namespace") == "AWS/ES"}


def test_there_is_a_domain_exactly_if_the_configuration_says_so(assembly: Assembly) -> None:
    assert len(domains(assembly)) == (1 if assembly.config.search else 0)


def test_it_is_encrypted_at_rest_between_nodes_and_on_the_way(assembly: Assembly) -> None:
    for domain in domains(assembly):
        properties = domain.properties
        assert properties["EncryptionAtRestOptions"]["Enabled"] is True
        assert properties["NodeToNodeEncryptionOptions"]["Enabled"] is True
        assert properties["DomainEndpointOptions"]["EnforceHTTPS"] is True
        assert "TLS-1-2" in properties["DomainEndpointOptions"]["TLSSecurityPolicy"]


def test_it_answers_to_roles_of_the_account_and_to_what_functions_do(assembly: Assembly) -> None:
    used = {one.action for spec in functions.ALL for one in spec.asks_search}
    for domain in domains(assembly):
        [statement] = domain.properties["AccessPolicies"]["Statement"]
        assert "<AWS::AccountId>:root" in assembly.text(statement["Principal"]["AWS"])
        assert set(statement["Action"]) == used
        assert assembly.text(statement["Resource"]).endswith(
            f"/{domain.properties['DomainName']}/*"
        )


def test_it_lies_in_subnets_without_a_way_out(assembly: Assembly) -> None:
    for domain in domains(assembly):
        subnets = [assembly.target(one) for one in domain.properties["VPCOptions"]["SubnetIds"]]
        zones = domain.properties["ClusterConfig"].get("ZoneAwarenessConfig", {})
        assert len(subnets) == zones.get("AvailabilityZoneCount", 1)
        assert all(subnet and "database" in subnet.id for subnet in subnets)


def test_its_logs_are_kept_and_none_of_what_people_search_for(assembly: Assembly) -> None:
    for domain in domains(assembly):
        published = domain.properties["LogPublishingOptions"]
        assert published.keys() == {"ES_APPLICATION_LOGS"}
        [policy] = assembly.of_type("AWS::Logs::ResourcePolicy")
        assert "es.amazonaws.com" in assembly.text(policy.properties["PolicyDocument"])
        assert policy.id in domain.body["DependsOn"]


def test_it_is_watched(assembly: Assembly) -> None:
    expected = set(ALARMS) | {"FreeStorageSpace"} if assembly.config.search else set()
    if assembly.environment == "prod":
        expected.add("ClusterStatus.yellow")

    assert watched(assembly) == expected


def test_prod_survives_a_zone(prod: Assembly) -> None:
    [domain] = domains(prod)
    cluster = domain.properties["ClusterConfig"]

    assert cluster["ZoneAwarenessConfig"]["AvailabilityZoneCount"] == 3
    assert cluster["InstanceCount"] == 3
    assert (cluster["DedicatedMasterEnabled"], cluster["DedicatedMasterCount"]) == (True, 3)
    assert domain.body["DeletionPolicy"] == "Retain"


def test_dev_has_one_small_node(searching: Assembly) -> None:
    [domain] = domains(searching)

    assert domain.properties["ClusterConfig"]["InstanceCount"] == 1
    assert domain.properties["ClusterConfig"]["InstanceType"] == "t3.small.search"
    assert domain.body["DeletionPolicy"] == "Delete"


def test_an_index_that_is_late_rings_and_so_does_a_refused_document(assembly: Assembly) -> None:
    alarms = [one.properties for one in assembly.of_type("AWS::CloudWatch::Alarm")]
    measured = {
        one["MetricName"]: [(d["Name"], d["Value"]) for d in one["Dimensions"]]
        for one in alarms
        if one.get("MetricName", "").startswith("Search")
    }

    assert measured == (
        {
            "SearchIndexLag": [("service", "jobs")],
            "SearchDocumentsRefused": [("service", "indexer")],
        }
        if assembly.config.search
        else {}
    )
