#!/usr/bin/env python3
"""Archives that tests/e2e/archive.sh analyzes, made of a root.

archive_make.py oci ROOT OUT        an OCI layout of three layers: the root; whiteouts; changes
archive_make.py docker ROOT OUT.tar the same as an archive of docker save
archive_make.py two ROOT OUT        an OCI layout with two images, amd64 and arm64
archive_make.py hostile ROOT OUT.tar    the root and members that want out of it
"""
import gzip
import hashlib
import io
import json
import os
import sys
import tarfile


def layer(fill):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        fill(tar)
    return out.getvalue()


def member(tar, name, data=b"", **fields):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in fields.items():
        setattr(info, key, value)
    tar.addfile(info, io.BytesIO(data))


def add_root(root):
    def fill(tar):
        tar.add(root, arcname=".")
        member(tar, "./opt/lower/one", b"1\n")
        member(tar, "./opt/lower/two", b"2\n")
        member(tar, "./opt/whole/deep/three", b"3\n")
        member(tar, "./opt/kept", b"kept\n", mode=0o4755, uid=7, gid=8)
    return fill


def whiteouts(tar):
    member(tar, "opt/lower/.wh.one")
    member(tar, "opt/.wh.absent")
    # An opaque folder hides the layers below, not what its own layer says, in any order.
    member(tar, "opt/whole/new", b"new\n")
    member(tar, "opt/whole/.wh..wh..opq")


def changes(tar):
    member(tar, "opt/device", type=tarfile.CHRTYPE, devmajor=1, devminor=3, mode=0o600)
    member(tar, "opt/pipe", type=tarfile.FIFOTYPE)
    member(tar, "opt/link", type=tarfile.SYMTYPE, linkname="/opt/lower")
    member(tar, "opt/link/through", b"through\n")
    member(tar, "opt/name", type=tarfile.LNKTYPE, linkname="opt/kept")
    member(tar, "opt/lower/two", b"replaced\n", uid=9, mode=0o640)
    member(tar, "opt/ünïcödé", b"u\n")
    member(tar, "opt/caps", b"#!/bin/sh\n", mode=0o755, pax_headers={
        "SCHILY.xattr.security.capability":
            b"\x01\x00\x00\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            .decode("latin-1")})


def layers_of(root):
    return [layer(add_root(root)), layer(whiteouts), layer(changes)]


class Layout:
    def __init__(self, path):
        self.path = path
        os.makedirs(path + "/blobs/sha256")
        with open(path + "/oci-layout", "w") as out:
            json.dump({"imageLayoutVersion": "1.0.0"}, out)

    def blob(self, data, media_type, **more):
        name = hashlib.sha256(data).hexdigest()
        with open(f"{self.path}/blobs/sha256/{name}", "wb") as out:
            out.write(data)
        return dict(mediaType="application/vnd.oci.image." + media_type,
                    digest="sha256:" + name, size=len(data), **more)

    def image(self, layers, **more):
        blobs = [self.blob(gzip.compress(data, mtime=0), "layer.v1.tar+gzip") for data in layers]
        config = self.blob(b"{}", "config.v1+json")
        manifest = {"schemaVersion": 2, "config": config, "layers": blobs}
        return self.blob(json.dumps(manifest).encode(), "manifest.v1+json", **more)

    def index(self, manifests, name="index.json"):
        with open(f"{self.path}/{name}", "w") as out:
            json.dump({"schemaVersion": 2, "manifests": manifests}, out)


def oci(root, out):
    layout = Layout(out)
    image = layout.image(layers_of(root), platform={"os": "linux", "architecture": "amd64"})
    note = layout.image([layer(lambda tar: None)],
                        platform={"os": "unknown", "architecture": "unknown"})
    index = json.dumps({"schemaVersion": 2, "manifests": [image, note]}).encode()
    layout.index([layout.blob(index, "index.v1+json", annotations={
        "org.opencontainers.image.ref.name": "latest"})])


def two(root, out):
    layout = Layout(out)
    layout.index([
        layout.image([layer(add_root(root))],
                     platform={"os": "linux", "architecture": "amd64"}),
        layout.image([layer(add_root(root)), layer(whiteouts)],
                     platform={"os": "linux", "architecture": "arm64"})])


def docker(root, out):
    with tarfile.open(out, "w") as tar:
        names = []
        for i, data in enumerate(layers_of(root)):
            name = f"{i:064x}.tar"
            member(tar, name, data)
            # older versions of docker have links to layers in folders of their own
            member(tar, f"{i}/layer.tar", type=tarfile.SYMTYPE, linkname="../" + name)
            names.append(f"{i}/layer.tar")
        manifest = [{"Config": "c.json", "RepoTags": ["host:1"], "Layers": names}]
        member(tar, "manifest.json", json.dumps(manifest).encode())


def hostile(root, out):
    with tarfile.open(out, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.add(root, arcname=".")
        member(tar, "../../../../../../tmp/tare-escaped", b"out\n")
        member(tar, "opt/up", type=tarfile.SYMTYPE, linkname="../../../../../../../../tmp")
        member(tar, "opt/up/tare-escaped", b"out\n")
        member(tar, "opt/out", type=tarfile.SYMTYPE, linkname="/tmp")
        member(tar, "opt/out/tare-escaped", b"out\n")
        member(tar, "opt/shadow", type=tarfile.LNKTYPE, linkname="../../../../etc/passwd")
        member(tar, "opt/gone", type=tarfile.LNKTYPE, linkname="opt/nothing")
        member(tar, "opt/loop", type=tarfile.SYMTYPE, linkname="loop")
        member(tar, "opt/loop/in", b"in\n")
        member(tar, "opt/file", b"file\n")
        member(tar, "opt/file/below", b"below\n")
        member(tar, "/".join(["deep"] * 300), b"deep\n")
        member(tar, "opt/" + "x" * 300, b"long\n")
        member(tar, "opt/line\nbreak\x1b[31m", b"name\n")
        member(tar, "/absolute", b"in the root\n")


if __name__ == "__main__":
    {"oci": oci, "docker": docker, "two": two, "hostile": hostile}[sys.argv[1]](*sys.argv[2:4])
