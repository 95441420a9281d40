"""Whose address it is: what is counted by address is counted by this."""

from ipaddress import ip_address, ip_network

# A provider gives each customer this much of IPv6.
IPV6_PREFIX = 64


def network_of(address: str | None) -> str:
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if found.version == 4:
        return str(found)
    return str(ip_network(f"{found}/{IPV6_PREFIX}", strict=False))
