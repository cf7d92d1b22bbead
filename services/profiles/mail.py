"""Mail: what the sign-in mail says, and handing it to the SMTP server."""

from collections.abc import Awaitable, Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from html import escape

import aiosmtplib
from email_validator import validate_email

from services.profiles.settings import ProfilesSettings
from shared.errors import Invalid, Unavailable

SendMail = Callable[[EmailMessage], Awaitable[None]]

_TEXT = """\
Open this page and press its button to sign in to BZPEER:

{link}

The link works once, and for 15 minutes. If you did not ask for it, do nothing: nobody signs in without it.
"""
_HTML = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{subject}</title></head>
<body style="font-family: Georgia, serif; font-size: 16px; line-height: 1.5; color: #1a1a1a; max-width: 34em">
<p>Open this page and press its button to sign in to BZPEER:</p>
<p><a href="{link}">{link}</a></p>
<p>The link works once, and for 15 minutes. If you did not ask for it, do nothing: nobody signs in without it.</p>
</body></html>
"""
_SUBJECT = "Sign in to BZPEER"
_PERMANENT = 500
"""SMTP replies from here on are final (RFC 5321, 4.2.1)."""


def sign_in_mail(sender: str, email: str, link: str) -> EmailMessage:
    """The mail with the link, as text and as HTML that loads nothing."""
    message = EmailMessage()
    parts = validate_email(email, check_deliverability=False)
    to = Address(username=parts.local_part, domain=parts.ascii_domain)
    message["From"], message["To"], message["Subject"] = sender, to, _SUBJECT
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="bzpeer")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_TEXT.format(link=link))
    message.add_alternative(_HTML.format(link=escape(link), subject=_SUBJECT), subtype="html")
    return message


def smtp_sender(settings: ProfilesSettings) -> SendMail:
    """Sends with TLS where offered. Unavailable while the server takes no mail, Invalid when it never will."""

    async def send(message: EmailMessage) -> None:
        password = settings.smtp_password
        try:
            await aiosmtplib.send(
                message,
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_username,
                password=password.get_secret_value() if password else None,
                timeout=settings.smtp_timeout_seconds,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            if _is_final(error):
                raise Invalid(
                    "Mail cannot reach this address from here. Look for a slip in it, or use another address.",
                    slug="mail-refused",
                ) from error
            raise Unavailable(
                "The mail with the link could not be sent now. Ask for it again in a minute.",
                slug="mail-not-sent",
                retry_after=60,
            ) from error

    return send


def _is_final(error: Exception) -> bool:
    """Whether the server said of the recipient that it takes no mail for it, now or later."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(refused.code >= _PERMANENT for refused in error.recipients)
    return isinstance(error, aiosmtplib.SMTPNotSupported)
