# Run once by the image's own entrypoint, while the volume is empty; `setup` wrote the file.
psql --no-psqlrc --no-password -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
    -f /secrets/postgres/first.sql
