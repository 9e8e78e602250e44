#!/bin/sh
# What the portal needs from the system: installs what is missing through apt when root, else says it in one line.
# Usage: deploy/system-packages.sh run|test
# Ends with 0 also when something is missing: only what needs it does without.

missing=""
without=""

need() { # PACKAGES, WHAT DOES NOT WORK WITHOUT
    missing="$missing $1"
    without="$without${without:+, }$2"
}

has_library() {
    { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -q "$1"
}

if ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1 && [ ! -x .venv/bin/pip ]; then
    need python3-venv "the program itself (.venv)"
fi
if ! has_library libpango-1.0.so.0 || ! has_library libpangoft2-1.0.so.0 || ! has_library libharfbuzz-subset.so.0; then
    need "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" "printed documents (PDF)"
fi
has_chinese_font() {
    find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" \
        \( -iname '*cjk*' -o -iname '*droid*fallback*' -o -iname '*wqy*' -o -iname '*han*sans*' \) 2>/dev/null | grep -q .
}
# A letter may be written in any script; Arabic and Hebrew come with what PDF needs.
has_chinese_font || need fonts-droid-fallback "Chinese letters in print"
if [ "$1" = test ]; then
    [ -x /usr/bin/chromium ] || need chromium "browser tests"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 ||
        need postgresql "tests on PostgreSQL"
    command -v xgettext >/dev/null 2>&1 || need gettext "tests of the translations"
    command -v pdftoppm >/dev/null 2>&1 || need poppler-utils "pictures of printed pages"
    command -v soffice >/dev/null 2>&1 || need libreoffice-writer-nogui "Word files opened by LibreOffice"
fi
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # package names are words
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing; } </dev/null >/dev/null 2>&1 && exit 0
fi
echo "Install as root: apt-get install$missing (going on without: $without)"
