"""What PostgreSQL reads in its container: who may come in, and the first database."""

DATABASE = "jifen"
ROLE = "ledger"
PORT = 5432


def first_database(password: str) -> str:
    """Return what is run once, on an empty volume: a role without special rights, and its own."""
    # Passwords of ours have no character that SQL would mind.
    return (
        f"CREATE ROLE {ROLE} LOGIN PASSWORD '{password}';\n"
        f"CREATE DATABASE {DATABASE} OWNER {ROLE};\n"
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;\n"
    )


def new_password(password: str) -> str:
    """Return what is run after the password was changed; open connections go on."""
    return f"ALTER ROLE {ROLE} PASSWORD '{password}';\n"


def who_may_connect(*, tls: bool) -> str:
    """Return pg_hba.conf: whoever is inside the container, and the ledger with its password."""
    way = "hostssl" if tls else "host"
    return f"local all all trust\n{way} {DATABASE} {ROLE} all scram-sha-256\n"


def pgpass(password: str) -> str:
    """Return the line with which libpq finds the password by itself."""
    return f"*:{PORT}:{DATABASE}:{ROLE}:{password}\n"
