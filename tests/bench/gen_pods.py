#!/usr/bin/env python3
"""Pods as `kubectl get pods -A -o json` prints them: gen_pods.py COUNT > cluster.json

Each has two containers with probes, environment, ports and limits, a projected token, a
status; some mount host paths, claim GPUs or are privileged. The same count gives the same
bytes.
"""
import json
import sys


def container(i, c):
    made = {
        "name": f"c{c}",
        "image": f"registry.example/shop/web:{i % 7}",
        "imagePullPolicy": "IfNotPresent",
        "args": ["--port=8080", f"--shard={i}"],
        "env": [{"name": f"NAME_{e}", "value": f"value-{e}"} for e in range(10)],
        "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"}],
        "resources": {
            "limits": {"cpu": "1", "memory": "1Gi"},
            "requests": {"cpu": "100m", "memory": "128Mi"},
        },
        "livenessProbe": {
            "httpGet": {"path": "/healthz", "port": 8080, "scheme": "HTTP"},
            "failureThreshold": 3, "periodSeconds": 10, "timeoutSeconds": 1,
        },
        "securityContext": {"allowPrivilegeEscalation": False},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "volumeMounts": [{
            "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
            "name": f"kube-api-access-{i:05}", "readOnly": True,
        }],
    }
    if i % 50 == 0:
        made["resources"]["limits"]["nvidia.com/gpu"] = "1"
    if i % 100 == 0:
        made["securityContext"] = {"privileged": True}
    return made


def volumes(i):
    made = [{
        "name": f"kube-api-access-{i:05}",
        "projected": {"defaultMode": 420, "sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
            {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}],
                           "name": "kube-root-ca.crt"}},
            {"downwardAPI": {"items": [{
                "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
                "path": "namespace"}]}},
        ]},
    }]
    if i % 20 == 0:
        made.append({"name": "logs", "hostPath": {"path": "/var/log/pods", "type": ""}})
    return made


def status(i):
    return {
        "conditions": [{"lastProbeTime": None, "status": "True", "type": t,
                        "lastTransitionTime": "2026-01-01T00:00:00Z"}
                       for t in ("Initialized", "Ready", "ContainersReady", "PodScheduled")],
        "containerStatuses": [{
            "containerID": f"containerd://{i * 2 + c:064}", "lastState": {},
            "image": f"registry.example/shop/web:{i % 7}",
            "imageID": f"registry.example/shop/web@sha256:{i % 7:064}",
            "name": f"c{c}", "ready": True, "restartCount": 0, "started": True,
            "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}},
        } for c in range(2)],
        "hostIP": "10.0.0.1", "phase": "Running", "podIP": "10.1.0.1",
        "podIPs": [{"ip": "10.1.0.1"}], "qosClass": "Burstable",
        "startTime": "2026-01-01T00:00:00Z",
    }


def pod(i):
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "annotations": {"checksum/config": f"{i:064}"},
            "creationTimestamp": "2026-01-01T00:00:00Z",
            "generateName": "web-6c8f9d7b5-",
            "labels": {"app": "web", "pod-template-hash": "6c8f9d7b5"},
            "name": f"web-6c8f9d7b5-{i:05}",
            "namespace": f"team-{i % 100}",
            "ownerReferences": [{
                "apiVersion": "apps/v1", "blockOwnerDeletion": True, "controller": True,
                "kind": "ReplicaSet", "name": "web-6c8f9d7b5", "uid": f"{i:036}"}],
            "resourceVersion": str(i),
            "uid": f"{i:036}",
        },
        "spec": {
            "containers": [container(i, c) for c in range(2)],
            "dnsPolicy": "ClusterFirst",
            "nodeName": f"node-{i % 1000}",
            "restartPolicy": "Always",
            "schedulerName": "default-scheduler",
            "tolerations": [{"effect": "NoExecute", "operator": "Exists",
                             "key": "node.kubernetes.io/not-ready",
                             "tolerationSeconds": 300}],
            "volumes": volumes(i),
        },
        "status": status(i),
    }


def main():
    count = int(sys.argv[1])
    out = sys.stdout
    out.write('{\n    "apiVersion": "v1",\n    "items": [\n')
    for i in range(count):
        text = json.dumps(pod(i), indent=4)
        out.write("        " + text.replace("\n", "\n        "))
        out.write(",\n" if i + 1 < count else "\n")
    out.write('    ],\n    "kind": "List",\n    "metadata": {\n'
              '        "resourceVersion": ""\n    }\n}\n')


main()
