from djamms.api.route import create_router, needs, not_yet, public, signed_in
from djamms.security.permissions import Permission

router = create_router("/api/settings", tag="settings")

not_yet(router, "GET", "/user", signed_in())
not_yet(router, "PUT", "/user", signed_in())
not_yet(router, "GET", "/system", needs(Permission.READ_SYSTEM))
not_yet(router, "PUT", "/system", needs(Permission.WRITE_SYSTEM))
not_yet(router, "GET", "/themes", public())
not_yet(router, "POST", "/backup", needs(Permission.ADMIN_SYSTEM))
not_yet(router, "POST", "/restore", needs(Permission.ADMIN_SYSTEM))
