"""The mails that profiles sends."""

from email.message import EmailMessage
from html import escape
from urllib.parse import quote, urlencode

import aiosmtplib
import structlog

from services.profiles.domain.accounts import LINK_LIFETIME
from services.profiles.settings import ProfilesSettings
from shared.errors import Unavailable

_MINUTES = int(LINK_LIFETIME.total_seconds() // 60)
_log = structlog.get_logger()


def sign_in_mail(sender: str, email: str, public_url: str, token: str, then: str | None) -> EmailMessage:
    """The mail with the sign-in link, as text and as HTML. The link opens a page with one button."""
    link = f"{public_url.rstrip('/')}/sign-in/{quote(token)}" + (f"?{urlencode({'next': then})}" if then else "")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, email, "Your sign-in link for BZPEER"
    mail["Auto-Submitted"] = "auto-generated"
    after = f"The link works once, for {_MINUTES} minutes. If you did not ask for it, do nothing: nobody is signed in."
    mail.set_content(f"Open this link and press the button to sign in to BZPEER:\n\n{link}\n\n{after}\n")
    anchor = f'<a href="{escape(link)}">{escape(link)}</a>'
    html = f"<p>Open this link and press the button to sign in to BZPEER:</p><p>{anchor}</p><p>{after}</p>"
    mail.add_alternative(html, subtype="html")
    return mail


class Mailer:
    """Sends mails by SMTP."""

    def __init__(self, settings: ProfilesSettings) -> None:
        self._settings = settings

    async def send(self, mail: EmailMessage) -> None:
        """Hand the mail to the server. Raises Unavailable when it does not take it."""
        settings = self._settings
        try:
            await aiosmtplib.send(
                mail,
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                start_tls=settings.smtp_start_tls,
                username=settings.smtp_username,
                password=settings.smtp_password,
                timeout=10,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            _log.error("a mail could not be sent", error=type(error).__name__)
            raise Unavailable("The mail could not be sent just now. Try again in a minute.", retry_after=60) from error
