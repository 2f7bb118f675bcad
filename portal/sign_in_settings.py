"""The settings of people: who they are, what they sign in with, and how the libraries for it are told.

Part of portal/settings.py, which takes them over as they stand.
"""

from urllib.parse import urlsplit

from portal.environment import env

AUTH_USER_MODEL = "portal_accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["portal.accounts.hashing.Argon2id", "portal.accounts.hashing.Before"]
_DJANGOS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_DJANGOS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_DJANGOS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_DJANGOS}.CommonPasswordValidator"},
    {"NAME": "portal.accounts.passwords.NotGuessable"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "portal.accounts.signup.NameForm"
ACCOUNT_FORMS = {
    "login": "portal.accounts.allauth_forms.SignIn",
    "signup": "portal.accounts.allauth_forms.SignUp",
    "confirm_login_code": "portal.accounts.allauth_forms.ConfirmLoginCode",
    "confirm_email_verification_code": "portal.accounts.allauth_forms.ConfirmAddress",
    "add_email": "portal.accounts.allauth_forms.AddEmail",
    "change_password": "portal.accounts.allauth_forms.ChangePassword",
    "set_password": "portal.accounts.allauth_forms.SetPassword",
    "reset_password_from_key": "portal.accounts.allauth_forms.ResetPasswordByKey",
    "request_login_code": "portal.accounts.allauth_forms.RequestLoginCode",
    "reset_password": "portal.accounts.allauth_forms.ResetPassword",
}
MFA_FORMS = {
    "authenticate": "portal.accounts.allauth_forms.Authenticate",
    "reauthenticate": "portal.accounts.allauth_forms.Reauthenticate",
    "activate_totp": "portal.accounts.allauth_forms.ActivateTOTP",
    "add_webauthn": "portal.accounts.allauth_forms.AddPasskey",
    "authenticate_webauthn": "portal.accounts.allauth_forms.PasskeyAsSecond",
    "login_webauthn": "portal.accounts.allauth_forms.SignInByPasskey",
    "reauthenticate_webauthn": "portal.accounts.allauth_forms.ReauthenticateByPasskey",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "portal.accounts.signup.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = True  # not asked: sessions end by portal/accounts/idle.py
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before an address is added, made the main one, removed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of changes to the account; of an address, to the old one
# The library's own limits hold locks, at which an office would queue: ours stand in ui/limits.py
_COUNTED = "login login_failed signup reset_password reset_password_from_key request_login_code"
ACCOUNT_RATE_LIMITS = dict.fromkeys(("confirm_email", *_COUNTED.split()), "")
MFA_ADAPTER = "portal.accounts.signup.MFAAdapter"
MFA_RATE_LIMITS = {"webauthn_login": ""}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True  # the way in for whoever is slowed, or forgot the password
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600  # s; ASVS 6.5.5
SOCIALACCOUNT_ADAPTER = "portal.accounts.signup.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "portal.accounts.allauth_forms.SocialSignUp"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_LOGIN_ON_GET = False  # joins no equal e-mails
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "さっぽろ事業支援ポータル"
USERSESSIONS_TRACK_ACTIVITY = False  # five queries a page for a "last seen" nobody needs
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "portal.accounts.openid.provider.Provider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "gbizid",
                "name": "GビズID",
                "client_id": env("OIDC_CLIENT_ID", ""),
                "secret": env("OIDC_CLIENT_SECRET", ""),
                "settings": {
                    "server_url": env("OIDC_SERVER_URL", "").rstrip("/"),
                    "token_auth_method": "client_secret_basic",
                    "oauth_pkce_enabled": True,
                    "scope": env("OIDC_SCOPE", "openid profile user email").split(),
                },
            }
        ]
        if env("OIDC_SERVER_URL", "")
        else [],
    }
}
# where the provider's button leads: the browser asks the policy of the page it is pressed on
OIDC_ORIGINS = sorted(
    {
        f"{part.scheme}://{part.netloc}"
        for part in map(urlsplit, [env("OIDC_SERVER_URL", ""), *env("OIDC_ORIGINS", "").split()])
        if part.netloc
    }
)
