"""Which resource types the local stack runs, and which it leaves out and why."""

from local.assembly.errors import AssemblyError
from local.assembly.intrinsics import references
from local.assembly.source import Resource, Source

HANDLED = frozenset(
    {
        "AWS::ApiGateway::GatewayResponse",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Stage",
        "AWS::CloudFront::Distribution",
        "AWS::CloudFront::KeyGroup",
        "AWS::CloudFront::PublicKey",
        "AWS::Events::EventBus",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::Lambda::Alias",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Version",
        "AWS::OpenSearchService::Domain",
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
        "AWS::SQS::Queue",
        "AWS::SQS::QueuePolicy",
        "AWS::Scheduler::Schedule",
        "AWS::SecretsManager::Secret",
        "AWS::SecretsManager::SecretTargetAttachment",
        "Custom::S3BucketNotifications",
    }
)

_NETWORK = "one machine has one network; a test checks the edges that functions need"
_DATABASE = "the embedded PostgreSQL takes its place"
_WATCH = "nobody is paged from a laptop; its logs are in one place"
_EDGE = "the /media mount applies the behaviours; caching and headers are CloudFront's own"
_DOMAIN = "the local API has the address it listens on"

IGNORED: dict[str, str] = {
    "AWS::ApiGateway::Account": "the gateway's access log is the local log",
    "AWS::ApiGateway::BasePathMapping": _DOMAIN,
    "AWS::ApiGateway::Deployment": "the routes are read from the resources themselves",
    "AWS::ApiGateway::DomainName": _DOMAIN,
    "AWS::CDK::Metadata": "it describes the library that made the template",
    "AWS::CloudFront::OriginAccessControl": "the bucket policy's grant to CloudFront is checked",
    "AWS::CloudFront::ResponseHeadersPolicy": _EDGE,
    "AWS::CloudWatch::Alarm": _WATCH,
    "AWS::EC2::EIP": _NETWORK,
    "AWS::EC2::FlowLog": _NETWORK,
    "AWS::EC2::Instance": _NETWORK,
    "AWS::EC2::InternetGateway": _NETWORK,
    "AWS::EC2::NatGateway": _NETWORK,
    "AWS::EC2::Route": _NETWORK,
    "AWS::EC2::RouteTable": _NETWORK,
    "AWS::EC2::SecurityGroup": _NETWORK,
    "AWS::EC2::SecurityGroupEgress": _NETWORK,
    "AWS::EC2::SecurityGroupIngress": _NETWORK,
    "AWS::EC2::Subnet": _NETWORK,
    "AWS::EC2::SubnetRouteTableAssociation": _NETWORK,
    "AWS::EC2::VPC": _NETWORK,
    "AWS::EC2::VPCEndpoint": _NETWORK,
    "AWS::EC2::VPCGatewayAttachment": _NETWORK,
    "AWS::IAM::InstanceProfile": _NETWORK,
    "AWS::Logs::LogGroup": "the logs of all functions are in one local place",
    "AWS::Logs::ResourcePolicy": "nobody but the local stack writes its logs",
    "AWS::RDS::DBCluster": _DATABASE,
    "AWS::RDS::DBInstance": _DATABASE,
    "AWS::RDS::DBSubnetGroup": _DATABASE,
    "AWS::SNS::Subscription": _WATCH,
    "AWS::SNS::Topic": _WATCH,
    "AWS::SNS::TopicPolicy": _WATCH,
    "AWS::WAFv2::WebACL": "only this machine reaches the local API",
    "AWS::WAFv2::WebACLAssociation": "only this machine reaches the local API",
    "Custom::S3AutoDeleteObjects": "`djamms reset` removes local objects",
}


def check_types(source: Source) -> tuple[str, ...]:
    """Every resource is handled or ignored for a reason; the reasons are returned."""
    ignored = []
    for resource in source.resources.values():
        if resource.type in IGNORED:
            ignored.append(f"{resource.label}: {IGNORED[resource.type]}")
        elif resource.type not in HANDLED:
            raise AssemblyError(
                f"{resource.logical_id} in stack {resource.stack} is a {resource.type}, "
                "which the local stack neither runs nor has on its ignore list."
            )
    return tuple(ignored)


def check_references(source: Source) -> None:
    for resource in source.resources.values():
        parameters = source.stacks[resource.stack].section("Parameters")
        for name in references(dict(resource.properties)):
            known = name.startswith("AWS::") or name in parameters
            if not known and (resource.stack, name) not in source.resources:
                raise AssemblyError(
                    f"{_label(resource)} refers to {name}, which the stack does not define."
                )


def _label(resource: Resource) -> str:
    return f"{resource.logical_id} ({resource.type}) in stack {resource.stack}"
