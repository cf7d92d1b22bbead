"""Security headers of every answer."""

from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
)

_YEAR_SECONDS = 365 * 24 * 3600
_UNUSED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")


def security_headers(*, is_https: bool) -> Secure:
    """Nothing but the gateway's own files, nothing inline, no frames, no features that the pages do not use."""
    policy = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .font_src("'self'")
        .img_src("'self'")
        .connect_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
    )
    permissions = PermissionsPolicy()
    for feature in _UNUSED:
        permissions = permissions.add_directive(feature)
    return Secure(
        csp=policy,
        xcto=XContentTypeOptions(),
        referrer=ReferrerPolicy().strict_origin_when_cross_origin(),
        permissions=permissions,
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(_YEAR_SECONDS) if is_https else None,
    )
