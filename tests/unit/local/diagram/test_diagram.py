"""The picture and the table say what the assembly says, and change with it."""

import re
from pathlib import Path

import pytest

from local.assembly import Assembly
from local.diagram import documents, parts
from local.diagram.documents import between_markers
from local.diagram.picture import picture
from local.diagram.table import table
from local.errors import LocalError
from tests.unit.local.assemblies import (
    Template,
    allow,
    function,
    get,
    having,
    join,
    load,
    method,
    path_part,
    policy,
    resource,
    sample,
)

MOST_NODES = 25


@pytest.fixture
def assembly(tmp_path: Path) -> Assembly:
    return load(tmp_path, sample())


def edges(assembly: Assembly) -> set[str]:
    return {line.strip() for line in picture(assembly).splitlines()[1:] if "->" in line}


def nodes(assembly: Assembly) -> dict[str, str]:
    lines = [line.strip() for line in picture(assembly).splitlines()[1:] if "->" not in line]
    return {re.match(r"\w+", line)[0]: line for line in lines}  # type: ignore[index]


def with_twins(*, may_write: bool = False) -> Template:
    """The sample with two more functions of the API; they share a role."""
    template = having(sample(), resource("AWS::IAM::Role"), "TwinRole")
    if may_write:
        objects = join(get("Media", "Arn"), "/audio/*")
        statement = allow(["s3:PutObject", "s3:GetObject"], objects)
        template = having(template, policy("TwinRole", statement), "TwinPolicy")
    for name in ("Twin", "Other"):
        permission = resource(
            "AWS::Lambda::Permission",
            FunctionName=get(name, "Arn"),
            Principal="apigateway.amazonaws.com",
        )
        for end, value in (
            ("", function(name.lower(), Role=get("TwinRole", "Arn"))),
            ("Path", path_part({"Ref": "ApiPath"}, name.lower())),
            ("Method", method({"Ref": f"{name}Path"}, name)),
            ("Permission", permission),
        ):
            template = having(template, value, name + end)
    return template


def test_draws_triggers_functions_and_what_they_reach(assembly: Assembly) -> None:
    assert edges(assembly) == {
        "caller -->|requests| api",
        "api --> Probe",
        "probe_clock --> Probe",
        "probe_clock -.->|not delivered| Dead",
        "Probe -->|reads| Media",
        "Media -->|new in uploads/| Ingest",
        "Ingest -->|up to 5| Probe",
        "Ingest -.->|3 failures| Dead",
        "caller -->|signed GET| Cdn",
        "Cdn --> Media",
    }


def test_every_edge_joins_two_nodes_that_are_there(assembly: Assembly) -> None:
    ends = {end for edge in edges(assembly) for end in (edge.split()[0], edge.split()[-1])}

    assert ends == set(nodes(assembly))
    assert nodes(assembly)["probe_clock"] == 'probe_clock(["tick: rate(5 minutes)"])'


def test_functions_that_reach_the_same_are_one_node(tmp_path: Path) -> None:
    assembly = load(tmp_path, with_twins())

    assert nodes(assembly)["Twin"] == 'Twin["twin · other"]'
    assert "Other" not in nodes(assembly)
    assert "api --> Twin" in edges(assembly)


def test_a_grant_is_an_edge(tmp_path: Path) -> None:
    before = edges(load(tmp_path / "before", with_twins()))
    after = edges(load(tmp_path / "after", with_twins(may_write=True)))

    assert after - before == {"Twin -->|reads, writes| Media"}


def test_credentials_of_a_database_are_an_edge_to_it(tmp_path: Path) -> None:
    attachment = resource(
        "AWS::SecretsManager::SecretTargetAttachment",
        SecretId={"Ref": "Jwt"},
        TargetType="AWS::RDS::DBCluster",
    )

    assembly = load(tmp_path, having(sample(), attachment, "Attachment"))

    assert "Probe --> database" in edges(assembly)
    assert "RDS::DBCluster" in nodes(assembly)["database"]


def test_what_may_ask_opensearch_is_an_edge_to_it(tmp_path: Path) -> None:
    domain = resource("AWS::OpenSearchService::Domain", DomainName="found")
    template = having(sample(), domain, "Search")
    statement = allow(["es:ESHttpPost", "es:ESHttpGet"], join(get("Search", "Arn"), "/*"))

    assembly = load(tmp_path, having(template, policy("Role", statement), "SearchPolicy"))

    assert "Probe -->|get, post| Search" in edges(assembly)
    assert "OpenSearch found" in nodes(assembly)["Search"]
    assert "on Search `*`" in table(assembly)
    assert assembly.search_domains[0].arn.endswith(":domain/found")


def test_the_table_names_route_layers_size_secrets_and_permissions(assembly: Assembly) -> None:
    [row] = [line for line in table(assembly).splitlines() if line.startswith("| probe")]

    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1:6] == [
        "`/api/probe/*`<br>Ingest<br>tick, `rate(5 minutes)`",
        "base",
        "256",
        "3",
        "Jwt",
    ]
    assert cells[6].split("<br>") == [
        "`sqs:ReceiveMessage`, `sqs:DeleteMessage`, `sqs:GetQueueAttributes` on Ingest",
        "`s3:GetObject` on Media `uploads/*`",
    ]


def test_the_table_lists_the_permissions_on_everything_else(tmp_path: Path) -> None:
    statement = allow("logs:PutLogEvents", "arn:aws:logs:eu-central-1:000000000000:Logs")

    made = table(load(tmp_path, having(sample(), policy("Role", statement), "LogPolicy")))

    assert made.splitlines()[-1].endswith(": `logs:PutLogEvents`.")


@pytest.mark.parametrize(
    ("logical_id", "title"),
    [
        ("IngestDeadLettersQueue860F4B3A", "Ingest dead letters queue"),
        ("ClusterSecret0DB525FA3fdaad7efa858a3daf9490cf0a702aeb", "Cluster secret"),
        ("Media", "Media"),
    ],
)
def test_titles_are_words(logical_id: str, title: str) -> None:
    assert parts.title(logical_id) == title


def test_replaces_what_stands_between_the_markers_and_nothing_else() -> None:
    begin, end = documents.BEGIN.format("picture"), documents.END.format("picture")
    text = f"Before\n{begin}old\n{end}After\n"

    made = between_markers(text, "picture", "new")

    assert made == f"Before\n{begin}\nnew\n\n{end}After\n"
    assert between_markers(made, "picture", "new") == made


@pytest.mark.parametrize("text", ["", documents.BEGIN.format("picture"), "<!-- end -->"])
def test_refuses_a_document_without_markers(text: str) -> None:
    with pytest.raises(LocalError, match="no single place"):
        between_markers(text, "picture", "new")


def test_the_documents_show_the_assembly_of_the_code() -> None:
    assembly = documents.read()

    for document, text in documents.render():
        assert document.read_text() == text, f"run `djamms diagram`: {document.name}"
    assert 8 <= len(nodes(assembly)) <= MOST_NODES
    drawn = " ".join(nodes(assembly).values())
    assert all(re.search(rf"\b{name}\b", drawn) for name in assembly.functions)
    assert {edge.split()[-1] for edge in edges(assembly)} >= parts_reached(assembly)


def parts_reached(assembly: Assembly) -> set[str]:
    queues = {queue.logical_id for queue in assembly.queues.values()}
    return queues | {"database"} | {one.logical_id for one in assembly.distributions}
