"""The database and the secrets."""

from tests.infra.assembly import Assembly


def test_the_database_is_encrypted_out_of_reach_and_leaves_a_snapshot(assembly: Assembly) -> None:
    [cluster] = assembly.of_type("AWS::RDS::DBCluster")

    assert cluster.properties["StorageEncrypted"] is True
    assert cluster.body["DeletionPolicy"] == "Snapshot"
    assert cluster.properties["DeletionProtection"] is assembly.config.keep_data
    for instance in assembly.of_type("AWS::RDS::DBInstance"):
        assert instance.properties["PubliclyAccessible"] is False


def test_prod_has_a_second_instance_to_fail_over_to(prod: Assembly) -> None:
    assert len(prod.of_type("AWS::RDS::DBInstance")) == 2


def test_functions_cannot_ask_for_more_connections_than_there_are(prod: Assembly) -> None:
    # Aurora allows 2000 where the minimum is at most 0.5 units, whatever the maximum is.
    reserved = [
        function.properties.get("ReservedConcurrentExecutions", 0)
        for function in prod.functions().values()
    ]

    assert prod.config.database.min_capacity <= 0.5
    assert sum(reserved) + prod.config.compute.ingest_concurrency < 2000


def test_no_secret_has_its_value_in_the_template(assembly: Assembly) -> None:
    for secret in assembly.of_type("AWS::SecretsManager::Secret"):
        assert "SecretString" not in secret.properties, secret


def test_the_signing_key_is_long_and_random(assembly: Assembly) -> None:
    [jwt] = [s for s in assembly.of_type("AWS::SecretsManager::Secret") if "Jwt" in s.id]

    assert jwt.properties["GenerateSecretString"]["PasswordLength"] == 64
