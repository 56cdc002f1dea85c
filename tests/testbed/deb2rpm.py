#!/usr/bin/python3
"""deb2rpm.py [OPTION]... DEB OUT.rpm WORKDIR

Turn one .deb into one real .rpm with rpmbuild: payload with modes, owners and links,
Debian relations as RPM dependencies (alternatives become rich ones), RPM's own
generator for ELF and shebang dependencies, config, doc, licence, lang and ghost flags,
and a few scriptlets of the shape that RPM distributions use.

Beside OUT.rpm it leaves OUT.rpm.alternatives: "name link target priority" lines, which
build-rootfs.sh turns into /etc/alternatives once all packages are installed.

  --layout merged|unmerged   are /bin, /sbin and /lib links into /usr?
  --dbpath PATH              where the root will have its RPM database
  --arch amd64|arm64         of the root
"""
import argparse
import os
import re
import shutil
import stat
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CLOCK = 1700000000      # the same deb must give the same rpm, whenever it is made
TRIPLETS = {'amd64': 'x86_64-linux-gnu', 'arm64': 'aarch64-linux-gnu'}
TARGETS = {'amd64': 'x86_64', 'arm64': 'aarch64', 'all': 'noarch'}

# Needed by Debian's maintainer scripts alone: an RPM distribution has Requires(post) there.
INSTALL_TIME = set('''debconf debconf-2.0 cdebconf dpkg ucf adduser init-system-helpers
install-info sgml-base xml-core update-inetd dictionaries-common tex-common emacsen-common
fonts-common sysvinit-utils lsb-base sensible-utils'''.split())

# Requirements that RPM's generator finds and Debian left out on purpose (plugins, helpers).
UNWANTED_REQUIRES = {'iproute2': 'libatm', 'rpm': '/usr/bin/python3',
                     'libcaca0': 'libGLU|libglut', 'libopenal1': 'libsndio',
                     'ceph-common': 'libsnappy'}

# Folders that many packages ship: base-files owns them, as "filesystem" does elsewhere.
SHARED_DIRS = set('''/etc /etc/default /etc/init.d /etc/pam.d /etc/logrotate.d /etc/cron.d
/etc/cron.daily /etc/cron.weekly /etc/cron.monthly /etc/cron.hourly /etc/profile.d /etc/apt
/etc/apt/apt.conf.d /etc/alternatives /etc/security /etc/ssl /etc/X11 /etc/xdg
/etc/modprobe.d /etc/modules-load.d /etc/sysctl.d /etc/systemd /etc/systemd/system
/etc/dbus-1 /etc/dbus-1/system.d /etc/bash_completion.d /etc/apparmor.d
/etc/apparmor.d/local /etc/udev /etc/udev/rules.d /boot /dev /home /mnt /media /opt /proc
/root /run /srv /sys /tmp /usr /usr/bin /usr/sbin /usr/lib /usr/lib64 /usr/lib32
/usr/libx32 /usr/libexec /usr/include /usr/include/TRIPLET /usr/share /usr/src /usr/local
/usr/games /usr/lib/TRIPLET /usr/lib/TRIPLET/pkgconfig /usr/lib/systemd
/usr/lib/systemd/system /usr/lib/systemd/user /usr/lib/tmpfiles.d /usr/lib/sysusers.d
/usr/lib/udev /usr/lib/udev/rules.d /usr/lib/modprobe.d /usr/lib/modules
/usr/lib/modules-load.d /usr/lib/sysctl.d /usr/lib/python3 /usr/lib/python3/dist-packages
/usr/lib/rpm /usr/lib/rpm/macros.d /usr/lib/sysimage /usr/share/doc /usr/share/man
/usr/share/info /usr/share/locale /usr/share/lintian /usr/share/lintian/overrides
/usr/share/doc-base /usr/share/bash-completion /usr/share/bash-completion/completions
/usr/share/zsh /usr/share/zsh/vendor-completions /usr/share/bug /usr/share/applications
/usr/share/icons /usr/share/pixmaps /usr/share/fonts /usr/share/dbus-1
/usr/share/dbus-1/system-services /usr/share/dbus-1/services /usr/share/dbus-1/system.d
/usr/share/dbus-1/interfaces /usr/share/perl5 /usr/share/python3
/usr/share/python3/runtime.d /usr/share/pam-configs /usr/share/polkit-1
/usr/share/polkit-1/actions /usr/share/initramfs-tools /usr/share/initramfs-tools/hooks
/usr/share/metainfo /usr/share/pkgconfig /usr/share/aclocal /usr/share/menu
/usr/share/vim /var /var/lib /var/cache /var/log /var/spool /var/tmp /var/mail /var/local
/var/backups /var/lock /var/run'''.split())
SHARED_DIRS |= {'/usr/share/man/man%d' % i for i in range(1, 10)}
UNMERGED_DIRS = set('''/bin /sbin /lib /lib64 /lib/systemd /lib/systemd/system /lib/udev
/lib/udev/rules.d /lib/modules /lib/modprobe.d /lib/TRIPLET'''.split())
OTHERS_DIRS = {'/etc/ppp': 'ppp'}   # two packages have it with different modes: one owns it

# System users get fixed numbers, so that owners are the same in every root.
USERS = {'messagebus': 101, 'sshd': 102, '_chrony': 103, 'syslog': 104, '_rpc': 105,
         'statd': 106, 'tss': 107, 'avahi': 108, 'ntpsec': 109, 'postfix': 110,
         'postdrop': 111, 'Debian-snmp': 112, 'nm-openvpn': 113, 'mosquitto': 114,
         'sssd': 115, 'mysql': 116, 'redis': 117, 'ceph': 118, 'tcpdump': 119, '_ssh': 120,
         'crontab': 121, 'man-db': 122, 'docker': 123, 'netdev': 124, 'winbindd_priv': 125,
         'sambashare': 126, 'uuidd': 127, 'nslcd': 128, 'bluetooth': 129, 'lpadmin': 130,
         'sgx': 991, 'render': 992, 'input': 993, 'kvm': 994, 'polkitd': 995,
         'systemd-resolve': 996, 'systemd-timesync': 997, 'systemd-network': 998,
         'systemd-journal': 999}

OPERATORS = {'<<': '<', '>>': '>', '=': '=', '<=': '<=', '>=': '>=', '<': '<', '>': '>='}
RELATION = re.compile(r'^([A-Za-z0-9.+_-]+)(?::\w+)?\s*(?:\(\s*([<>=]+)\s*([^)\s]+)\s*\))?')
LANGUAGE = re.compile(r'^/usr/share/(?:locale|man)/([a-z]{2,3}(?:_[A-Z]{2})?(?:@\w+)?)'
                      r'(?:\.[\w-]+)?/')
UNIT = re.compile(r'^(?:/usr)?/lib/systemd/system/[^/@]+\.(service|socket|timer|path)$')

GLOBALS = '''%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
%global _binaries_in_noarch_packages_terminate_build 0
%global __check_files %{nil}
%global source_date_epoch_from_changelog 0
%global use_source_date_epoch_as_buildtime 1
%global _buildhost testbed
%global _binary_payload w1.zstdio
%global __requires_exclude_from ^/usr/(share/(doc|perl|bug|zsh|initramfs-tools|doc-base)|\
src|lib/python3.*/test)/.*$
%global __provides_exclude_from ^/usr/(share/doc|lib/debug)/.*$
%global __script_requires %{_rpmconfigdir}/script.req'''.replace('|\\\n', '|').split('\n')


# ------------------------------------------------------------------ versions

def epoch_version_release(debian):
    """'1:2.3-4' -> ('1', '2.3', '4'); no release where Debian has no revision."""
    epoch, rest = debian.split(':', 1) if ':' in debian else ('', debian)
    version, release = rest.rsplit('-', 1) if '-' in rest else (rest, None)

    def clean(text):
        # '^' sorts below '.' and above the end, as a '-' inside Debian's upstream part does
        return re.sub(r'[^A-Za-z0-9._+~^]', '.', text.replace('-', '^'))
    return epoch, clean(version), clean(release) if release else None


def evr(debian):
    epoch, version, release = epoch_version_release(debian)
    prefix = epoch + ':' if epoch and epoch != '0' else ''
    return prefix + version + ('-' + release if release else '')


def dependency(text):
    """One Debian alternative as an RPM dependency, or None for what is none."""
    match = RELATION.match(text.strip())
    if not match:
        return None
    name, op, version = match.groups()
    if not op:
        return name
    # RPM: "> 2.36" does not hold for 2.36-9, Debian's ">> 2.36" does
    rpm_op = '>=' if op == '>>' and '-' not in version else OPERATORS[op]
    if version.endswith('-.'):      # (<< 1.2-.): any revision of 1.2
        rpm_op = {'<': '<=', '>=': '>'}.get(rpm_op, rpm_op)
    return '%s %s %s' % (name, rpm_op, evr(re.sub(r'-\.$', '', version)))


# ------------------------------------------------------------------ the package

class Package:
    """An unpacked .deb, and what is to be said about it in the spec file."""

    def __init__(self, deb, work, options):
        self.tree = work + '/tree'
        self.debian = work + '/DEBIAN'
        self.merged = options.layout == 'merged'
        self.dbpath = options.dbpath
        self.triplet = TRIPLETS[options.arch]
        os.makedirs(self.tree)
        subprocess.run(['dpkg-deb', '-x', deb, self.tree], check=True)
        subprocess.run(['dpkg-deb', '-e', deb, self.debian], check=True)
        self.fields = self.read_fields()
        self.name = self.fields['Package']
        self.tags = []              # "Requires: x" lines
        self.ghost, self.config, self.made = set(), set(), set()
        self.attributes = {}        # path -> "%attr(...)" or "%caps(...)"

    def control(self, name):
        try:
            with open(self.debian + '/' + name, encoding='utf-8', errors='replace') as f:
                return f.read()
        except OSError:
            return ''

    def read_fields(self):
        fields, key = {}, None
        for line in self.control('control').split('\n'):
            if line[:1] in (' ', '\t'):
                fields[key] += '\n' + line[1:]
            elif ':' in line:
                key, value = line.split(':', 1)
                fields[key] = value.strip()
        return fields

    def usr(self, path):
        """Where @path lies in this layout."""
        return re.sub(r'^/(s?bin|lib)/', r'/usr/\1/', path) if self.merged else path

    def exists(self, path):
        return os.path.lexists(self.tree + path)

    def put(self, path, text='', link=None, mode=0o644):
        """Make what a maintainer script would make, unless the payload has it."""
        real = self.tree + path
        self.made.add(path)
        os.makedirs(os.path.dirname(real), exist_ok=True)
        if os.path.lexists(real):
            return
        if link:
            os.symlink(link, real)
            return
        with open(real, 'w', encoding='utf-8') as f:
            f.write(text)
        os.chmod(real, mode)

    def read(self, path):
        with open(self.tree + path, encoding='utf-8', errors='replace') as f:
            return f.read()

    # -------------------------------------------------------------- dependencies

    def tag(self, name, alternatives):
        unique = list(dict.fromkeys(alternatives))
        text = unique[0] if len(unique) == 1 else '(' + ' or '.join(unique) + ')'
        line = '%s: %s' % (name, text.replace('%', '%%'))
        if line not in self.tags:
            self.tags.append(line)

    def relations(self, field):
        for clause in re.split(r'\s*,\s*', ' '.join(self.fields.get(field, '').split())):
            found = [d for d in map(dependency, clause.split('|')) if d]
            if found:
                yield found

    def add_relations(self):
        for field in ('Pre-Depends', 'Depends'):
            for alts in self.relations(field):
                helper = all(a.split()[0] in INSTALL_TIME for a in alts)
                self.tag('Requires(post)' if helper else 'Requires', alts)
        for tag in ('Recommends', 'Suggests', 'Enhances', 'Provides'):
            for alts in self.relations(tag):
                if tag == 'Provides' and ' ' not in alts[0]:
                    # without a version it would match every "Conflicts: x < 1"
                    alts = ['%s = %s' % (alts[0], evr(self.fields['Version']))]
                self.tag(tag, alts[:1] if tag in ('Provides', 'Enhances') else alts)
        for field in ('Conflicts', 'Breaks'):
            for alts in self.relations(field):
                self.tag('Conflicts', alts)

    # -------------------------------------------------------------- merged /usr

    def merge_usr(self):
        for top in ('bin', 'sbin', 'lib', 'lib64', 'lib32', 'libx32'):
            source = self.tree + '/' + top
            if not os.path.isdir(source) or os.path.islink(source):
                continue
            if top in ('bin', 'sbin'):      # what "#!/bin/sh" asks for
                for name in os.listdir(source):
                    self.tag('Provides', ['/%s/%s' % (top, name)])
            os.makedirs(self.tree + '/usr/' + top, exist_ok=True)
            self.merge(source, self.tree + '/usr/' + top)

    def merge(self, source, target):
        for name in os.listdir(source):
            s, t = source + '/' + name, target + '/' + name
            if os.path.isdir(s) and not os.path.islink(s) and os.path.isdir(t):
                self.merge(s, t)
            elif os.path.lexists(t) or os.path.islink(s) and \
                    os.readlink(s) == t[len(self.tree):]:   # /bin/x -> /usr/bin/x
                os.unlink(s)
            else:
                os.rename(s, t)
        if os.path.isdir(source):
            os.rmdir(source)

    # -------------------------------------------------------------- maintainer scripts

    def imitate_scripts(self):
        """What Debian makes in postinst, as files of the package."""
        maker = getattr(self, 'make_' + re.sub(r'[^a-z0-9]', '_', self.name), None)
        if maker:
            maker()
        kernel = re.match(r'linux-image-(\d.*)', self.name)
        if kernel:
            self.make_kernel(self.usr('/lib/modules/' + kernel[1]))

    def make_base_files(self):
        if self.merged:
            for top in ('bin', 'sbin', 'lib', 'lib64', 'lib32', 'libx32'):
                os.makedirs(self.tree + '/usr/' + top, exist_ok=True)
                os.symlink('usr/' + top, self.tree + '/' + top)
                self.made.add('/' + top)
        for path in ('/etc/alternatives', '/usr/lib/' + self.triplet, '/var/lib/alternatives',
                     self.dbpath):
            os.makedirs(self.tree + path, exist_ok=True)
        if self.dbpath != '/var/lib/rpm':
            self.put('/var/lib/rpm', link='../..' + self.dbpath)
        self.put('/usr/lib/rpm/macros.d/macros.dbpath',
                 '%%_dbpath %s\n%%_db_backend sqlite\n' % self.dbpath)
        self.put('/etc/nsswitch.conf', 'passwd: files systemd\ngroup: files systemd\n'
                 'shadow: files\nhosts: files dns\n')
        self.put('/etc/profile', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin\nexport PATH\n')
        self.config |= {'/etc/nsswitch.conf', '/etc/profile'}

    def make_base_passwd(self):
        for name, line in (('passwd', '{0}:x:{1}:{1}:{0}:/nonexistent:/usr/sbin/nologin\n'),
                           ('group', '{0}:x:{1}:\n')):
            self.put('/etc/' + name,
                     self.read('/usr/share/base-passwd/%s.master' % name)
                     + ''.join(line.format(*user) for user in USERS.items()))
            self.config.add('/etc/' + name)
        self.put('/etc/shadow', mode=0o640)
        self.ghost.add('/etc/shadow')

    def make_libc_bin(self):
        self.put('/etc/ld.so.cache')
        self.ghost.add('/etc/ld.so.cache')

    def make_libc6(self):
        self.tag('Provides', ['rtld(GNU_HASH)'])

    def make_libpam_runtime(self):
        for name, line in (('account', 'account required pam_unix.so'),
                           ('auth', 'auth required pam_unix.so nullok'),
                           ('password', 'password required pam_unix.so'),
                           ('session', 'session required pam_unix.so'),
                           ('session-noninteractive', 'session required pam_unix.so')):
            self.put('/etc/pam.d/common-' + name, line + '\n')
            self.config.add('/etc/pam.d/common-' + name)

    def make_ca_certificates(self):
        self.put('/etc/ssl/certs/ca-certificates.crt')
        self.ghost.add('/etc/ssl/certs/ca-certificates.crt')

    def make_dbus(self):
        helper = '/usr/lib/dbus-1.0/dbus-daemon-launch-helper'
        self.attributes[helper] = '%attr(4754,root,messagebus)'

    make_dbus_system_bus_common = make_dbus

    def make_iputils_ping(self):
        self.attributes[self.usr('/bin/ping')] = '%caps(cap_net_raw=ep)'

    def adopt_config(self, source, target):
        """ucf copies its files at installation."""
        if self.exists(source):
            self.put(target, self.read(source))
            self.config.add(target)

    def make_chrony(self):
        self.adopt_config('/usr/share/chrony/chrony.conf', '/etc/chrony/chrony.conf')

    def make_openssh_server(self):
        self.adopt_config('/usr/share/openssh/sshd_config', '/etc/ssh/sshd_config')

    def make_rpm(self):
        # base-files has it
        shutil.rmtree(self.tree + '/var/lib/rpm', ignore_errors=True)

    def make_kernel(self, modules):
        if not os.path.isdir(self.tree + modules):
            return
        for name in ('alias', 'alias.bin', 'dep', 'dep.bin', 'symbols', 'symbols.bin',
                     'softdep', 'devname', 'builtin.bin', 'builtin.alias.bin'):
            self.put('%s/modules.%s' % (modules, name))
            self.ghost.add('%s/modules.%s' % (modules, name))

    def alternatives(self):
        """-> "name link target priority" lines; the links become %ghost files."""
        lines = []
        postinst = re.sub(r'\\\n', ' ', self.control('postinst'))
        for m in re.finditer(r'--install\s+(/\S+)\s+(\S+)\s+(/\S+)\s+(\d+)([^\n]*)', postinst):
            if '$' in m[0][:m[0].find(m[5]) if m[5] else None]:
                continue            # a shell variable in it
            slaves = re.findall(r'--slave\s+(/\S+)\s+(\S+)\s+(/\S+)', m[5])
            for link, name, target in [(m[1], m[2], m[3])] + slaves:
                if '$' in link + name + target or not self.exists(self.usr(target)):
                    continue
                link = self.usr(link)
                if not self.exists(link):
                    self.put(link, link='/etc/alternatives/' + name)
                    self.ghost.add(link)
                lines.append('%s %s %s %s\n' % (name, link, target, m[4]))
        return ''.join(lines)

    # -------------------------------------------------------------- %files

    def flags(self, path, mode):
        if path in self.ghost:
            return '%ghost '
        if path in self.config and stat.S_ISREG(mode):
            return '%config(noreplace) '
        if re.match(r'^/usr/share/doc/[^/]+/copyright$', path) and stat.S_ISREG(mode):
            return '%license '
        language = LANGUAGE.match(path)
        return '%%lang(%s) ' % language[1] if language else ''

    def shared_dirs(self):
        dirs = SHARED_DIRS if self.merged else SHARED_DIRS | UNMERGED_DIRS
        return {d.replace('TRIPLET', self.triplet) for d in dirs}

    def owns_dir(self, path):
        if self.name == 'base-files':
            return True
        if path in self.shared_dirs() or LANGUAGE.match(path + '/') and path.count('/') <= 5:
            return False
        return OTHERS_DIRS.get(path, self.name) == self.name

    def files(self):
        """-> (%files lines, names of the systemd units among them)"""
        self.config |= {self.usr(line.strip()) for line in self.control('conffiles').split('\n')
                        if line.strip().startswith('/')}
        if self.name == 'base-files':
            for path in self.shared_dirs():
                if not self.exists(path):
                    os.makedirs(self.tree + path)
        lines, units = [], []
        for folder, dirs, names in os.walk(self.tree):
            below = folder[len(self.tree):]
            if below and self.owns_dir(below):
                lines.append('%dir ' + quoted(below))
            links = [d for d in dirs if os.path.islink(folder + '/' + d)]
            for name in sorted(names + links):
                path = below + '/' + name
                mode = os.lstat(self.tree + path).st_mode
                attribute = self.attributes.get(path, '')
                lines.append(self.flags(path, mode) + attribute + ' ' * bool(attribute)
                             + quoted(path))
                if UNIT.match(path) and stat.S_ISREG(mode):
                    units.append(name)
        return lines or [''], units

    def stop_clock(self):
        """What was made or moved here would carry the time of day."""
        for folder, dirs, names in os.walk(self.tree, topdown=False):
            for name in names + dirs:
                real = folder + '/' + name
                is_dir = os.path.isdir(real) and not os.path.islink(real)
                if real[len(self.tree):] in self.made and not is_dir:
                    os.utime(real, (CLOCK, CLOCK), follow_symlinks=False)
            os.utime(folder, (CLOCK, CLOCK))

    # -------------------------------------------------------------- spec

    def licence(self):
        try:
            text = self.read('/usr/share/doc/%s/copyright' % self.name)
        except OSError:
            text = ''
        names = list(dict.fromkeys(re.findall(r'^License:\s*(\S[^\n]*)', text, re.M)))[:6]
        joined = ' AND '.join('(%s)' % n if ' ' in n else n for n in names)
        return joined or 'see copyright file'

    def head(self, version):
        epoch, upstream, release = version
        lines = ['Version: ' + upstream, 'Release: ' + (release or '0')]
        return lines + (['Epoch: ' + epoch] if epoch and epoch != '0' else [])

    def spec(self, file_list, units):
        """The spec file; a package whose source has another name is its sub-package."""
        field = self.fields
        summary, _, text = field.get('Description', self.name).partition('\n')
        text = '\n'.join('' if t.strip() == '.' else t for t in text.split('\n')) or summary
        source, source_version = re.match(
            r'(\S+)(?:\s+\((\S+)\))?', field.get('Source') or self.name).groups()
        version = epoch_version_release(field['Version'])
        source_evr = epoch_version_release(source_version or field['Version'])
        noarch = ['BuildArch: noarch'] if field['Architecture'] == 'all' else []
        about = ['Vendor: Debian testbed',
                 'Packager: ' + escaped(field.get('Maintainer', 'unknown'))]
        body = ['Summary: ' + escaped(summary or self.name),
                'License: ' + escaped(self.licence()),
                'Group: ' + field.get('Section', 'misc'),
                'URL: ' + escaped(field.get('Homepage', 'https://example.org/' + self.name)),
                ] + self.tags
        unwanted = UNWANTED_REQUIRES.get(self.name, 'none')
        spec = GLOBALS + ['%%global __requires_exclude ^(/usr/local/.*|/usr/bin/python|'
                          '/lib/runit/.*|(%s).*)$' % unwanted]
        flag = ''
        if source != self.name:
            flag = ' -n ' + self.name
            spec += ['Name: ' + source] + self.head(source_evr)
            spec += ['Summary: source of ' + self.name, 'License: ' + escaped(self.licence())]
            spec += about + noarch + ['%description', '.', '%package' + flag]
            spec += self.head(version)
            if source_evr[0] not in ('', '0') and version[0] in ('', '0'):
                spec.append('Epoch: 0')     # else it would inherit the source's
        else:
            spec += ['Name: ' + self.name] + self.head(version) + about + noarch
        spec += body + ['%description' + flag, escaped(text), '%install',
                        'rmdir "$RPM_BUILD_ROOT" 2>/dev/null; mv "%s" "$RPM_BUILD_ROOT"'
                        % self.tree]
        spec += self.scriptlets(flag, units)
        return spec + ['%files' + flag + ' -f ' + file_list, '%defattr(-,-,-,-)']

    def scriptlets(self, flag, units):
        if units and self.name not in ('systemd', 'udev'):
            return ['%preun' + flag,
                    'if [ $1 -eq 0 ] && [ -x /usr/bin/systemctl ]; then',
                    '  /usr/bin/systemctl --no-reload disable %s >/dev/null 2>&1 || :'
                    % ' '.join(units), 'fi',
                    '%postun' + flag,
                    '[ -d /run/systemd/system ] && /usr/bin/systemctl daemon-reload '
                    '>/dev/null 2>&1 || :']
        if re.search(r'activate-noawait\s+ldconfig', self.control('triggers')) and \
                self.name not in ('libc6', 'libc-bin'):
            ldconfig = self.usr('/sbin/ldconfig')
            return ['%post' + flag + ' -p ' + ldconfig, '%postun' + flag + ' -p ' + ldconfig]
        return []


def escaped(text):
    return text.replace('%', '%%')


def quoted(path):
    # only where a path looks like a pattern does rpm glob, and only then does it unescape
    if re.search(r'[*?]|\[.*\]|\{.*\}', path):
        path = re.sub(r'([\\*?{}\[\]])', r'\\\1', path)
    path = escaped(path)
    return '"' + path + '"' if re.search(r'\s', path) else path


# ------------------------------------------------------------------ rpmbuild

def write_lines(path, lines):
    with open(path, 'w', encoding='utf-8', errors='surrogateescape') as f:
        f.write('\n'.join(lines) + '\n')


def rpmbuild(work, target):
    """-> path of the package, or None (then the end of the log is on stderr)"""
    defines = {'_topdir': work + '/top', '_rpmdir': work + '/out', '_tmppath': work,
               '_build_name_fmt': 'x.rpm', '_fileattrsdir': HERE + '/fileattrs'}
    command = ['rpmbuild', '-bb', '--quiet', '--nodeps', '--target', target]
    for name, value in defines.items():
        command += ['--define', name + ' ' + value]
    command += ['--buildroot', work + '/buildroot', work + '/spec']
    environment = dict(os.environ, SOURCE_DATE_EPOCH=str(CLOCK), LC_ALL='C.UTF-8', HOME=work)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=environment, check=False)
    if done.returncode or not os.path.exists(work + '/out/x.rpm'):
        sys.stderr.buffer.write(b'\n'.join(done.stdout.split(b'\n')[-9:]) + b'\n')
        return None
    return work + '/out/x.rpm'


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--layout', choices=('merged', 'unmerged'), default='merged')
    parser.add_argument('--dbpath', default='/usr/lib/sysimage/rpm')
    parser.add_argument('--arch', choices=TRIPLETS, default='amd64')
    parser.add_argument('paths', nargs=3)
    options = parser.parse_args()
    deb, out, work = map(os.path.abspath, options.paths)
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    package = Package(deb, work, options)
    package.add_relations()
    if package.merged:
        package.merge_usr()
    package.imitate_scripts()
    alternatives = package.alternatives()
    file_lines, units = package.files()
    package.stop_clock()
    write_lines(work + '/files', file_lines)
    write_lines(work + '/spec', package.spec(work + '/files', units))
    built = rpmbuild(work, TARGETS[package.fields['Architecture']])
    if not built:
        sys.exit('cannot convert ' + package.name)
    with open(out + '.alternatives', 'w', encoding='utf-8') as f:
        f.write(alternatives)
    os.rename(built, out)       # last: whoever sees it may use it
    shutil.rmtree(work)


if __name__ == '__main__':
    main()
