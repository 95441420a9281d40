"""The firewall in front of the API.

Of AWS's rule groups only those that do not read bodies: uploads hold bytes that look like attacks.
"""

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

# Per address, behind which a whole venue may sit: 100 in a second, half of what the stage lets in.
REQUESTS_PER_FIVE_MINUTES = 30_000
RULE_GROUPS = ("AWSManagedRulesAmazonIpReputationList",)


class WebAcl(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, stage: apigateway.Stage) -> None:
        super().__init__(scope, construct_id)
        groups = [_group(name, i + 1) for i, name in enumerate(RULE_GROUPS)]
        acl = waf.CfnWebACL(
            self,
            "Acl",
            scope="REGIONAL",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[_rate_limit(0), *groups],
            visibility_config=_visible("Api"),
        )
        waf.CfnWebACLAssociation(
            self, "Association", resource_arn=stage.stage_arn, web_acl_arn=acl.attr_arn
        )


def _rate_limit(priority: int) -> waf.CfnWebACL.RuleProperty:
    per_address = waf.CfnWebACL.RateBasedStatementProperty(
        aggregate_key_type="IP", limit=REQUESTS_PER_FIVE_MINUTES
    )
    return waf.CfnWebACL.RuleProperty(
        name="RateLimit",
        priority=priority,
        statement=waf.CfnWebACL.StatementProperty(rate_based_statement=per_address),
        action=waf.CfnWebACL.RuleActionProperty(block={}),
        visibility_config=_visible("RateLimit"),
    )


def _group(name: str, priority: int) -> waf.CfnWebACL.RuleProperty:
    group = waf.CfnWebACL.ManagedRuleGroupStatementProperty(name=name, vendor_name="AWS")
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        statement=waf.CfnWebACL.StatementProperty(managed_rule_group_statement=group),
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
        visibility_config=_visible(name),
    )


def _visible(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )
