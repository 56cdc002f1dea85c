#!/bin/bash
# On a real root: an update that requires more than before brings two packages along, and
# the budget names it, the requirement and the bytes.
. "$(dirname "$0")/../lib.sh"
need rpmbuild rpm jq
need_root_rights

root=$(testbed_root minimal)
cd "$T"
expect_exit 0 "$TARE" analyze -q "$root" -o before.db
cp -a --reflink=auto "$root" after

cat > netbase.spec <<'EOT'
Name: netbase
Version: 7
Release: 1
Summary: Requires more than before
License: MIT
BuildArch: noarch
Requires: planted
%description
%{summary}.
%package -n planted
Summary: Came along
Requires: planted-data
%description -n planted
%{summary}.
%package -n planted-data
Summary: Came along with it
%description -n planted-data
%{summary}.
%install
mkdir -p %{buildroot}/usr/share/planted %{buildroot}/usr/bin %{buildroot}/etc
echo networks > %{buildroot}/etc/networks
printf '#!/bin/sh\n' > %{buildroot}/usr/bin/planted
head -c 3000000 /dev/urandom > %{buildroot}/usr/share/planted/data
%files
%config /etc/networks
%files -n planted
%attr(4755, root, root) /usr/bin/planted
%files -n planted-data
/usr/share/planted
EOT
rpmbuild -bb --quiet --nodeps --define "_topdir $T/build" netbase.spec > build.log 2>&1
rpm --root "$T/after" --dbpath /usr/lib/sysimage/rpm --force-debian -U --nodeps --noscripts \
	--notriggers build/RPMS/noarch/*.rpm 2> rpm.log
expect_exit 0 "$TARE" analyze -q after -o after.db

cat > tare.yaml <<'EOT'
limits:
  - what: total
    max-growth: [1MiB, 5%]
    why: the flash partition
  - what: packages
    max-growth: 1
  - what: setuid
    max-growth: 0
EOT
expect_exit 0 "$TARE" check -g before.db --baseline before.db
expect_exit 1 "$TARE" check -g after.db --baseline before.db
expect_grep '^FAIL  total: .* grew by 2\.[0-9] MiB .*, allowed 1\.0 MiB and 5\.0 %$'
expect_grep '^ +new: planted-data-7-1\.noarch \+2\.9 MiB: planted requires planted-data'
expect_grep '^FAIL  packages: .* grew by 2 '
expect_grep '^ +new: planted-7-1\.noarch \+1: netbase now requires planted$'
expect_grep '^FAIL  setuid: .* grew by 1 '
expect_grep '^FAIL \[pass:0 fail:3 warn:0 skip:0\]$'
expect_exit 1 "$TARE" check -g after.db --baseline before.db -f json=check.json
expect_equal "in JSON, with what brought both" '"appeared planted-7-1.noarch" "companion planted-7-1.noarch"' \
	"$(jq '.results[] | select(.name == "packages") | .causes[] | "\(.cause) \(.origin)"' check.json |
		sort | tr '\n' ' ' | sed 's/ $//')"
done_testing
