# Compiles what is installed in /opt/jifen, and dates all of it with the same moment.
set -eu

site=$(echo /opt/jifen/lib/python3.*/site-packages)
# Symbols for debuggers, and what was compiled from. Libraries that were patched into a wheel stay
# as they are: stripping breaks some of them.
find "$site" -name '*.so' -not -path '*.libs/*' -exec strip --strip-debug {} +
find "$site" \( -name '*.pyx' -o -name '*.pxd' -o -name '*.c' -o -name '*.pyi' \) -delete
# By content, not by time: the same sources give the same bytes, and nothing is checked at start.
/opt/jifen/bin/python -m compileall -q -j 1 --invalidation-mode unchecked-hash /opt/jifen/lib
# Activation is for shells; nobody has one here.
rm -f /opt/jifen/bin/[Aa]ctivate* /opt/jifen/.gitignore
find /opt/jifen -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
