# Takes out of Python's own image what builds and installs programs, and adds the two users.
set -eu

# The shell goes on reading it; what is dated below must hold nothing of this step.
rm /trim.sh
python -m pip uninstall --quiet --yes --root-user-action=ignore pip
library=$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
rm -rf "$library/ensurepip" "$library/idlelib" "$library/tkinter" "$library/turtledemo" \
    "$library/test" "$library/pydoc_data" /usr/local/include /usr/local/bin/idle* \
    /usr/local/bin/pip* /usr/local/bin/pydoc* /usr/local/bin/*-config
rm -rf /root/.cache /var/cache/apt/* /var/lib/apt/lists/* /var/log/* /tmp/* /usr/share/doc/* \
    /usr/share/man/* /usr/share/locale/* /usr/include/* /usr/games/*
# Nothing is installed here any more, and nothing of ours is Perl.
dpkg --purge --force-depends --force-remove-essential --force-remove-protected \
    apt sqv libapt-pkg7.0 perl-base openssl
# They hold the moment of that.
rm -rf /var/log/* /var/cache/ldconfig
groupadd --gid 10001 jifen-ingest
useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin jifen-ingest
groupadd --gid 10002 jifen-ledger
useradd --uid 10002 --gid 10002 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin jifen-ledger
# Their backups hold the moment of the change.
rm -f /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid-
find / -xdev -newermt "@$SOURCE_DATE_EPOCH" -not -path '/proc/*' -not -path '/sys/*' \
    -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} + 2>/dev/null || true
