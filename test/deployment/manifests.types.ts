import * as z from 'zod';

/**
 * The parts of Kubernetes' API (https://kubernetes.io/docs/reference/kubernetes-api/) that deploy/kubernetes uses, and the values
 * that must not change by accident. Strict: a misspelled key, which a cluster may ignore, is an error here.
 */
const NAME = 'nocobase-dingtalk-gateway';

const labels = z.strictObject({ 'app.kubernetes.io/name': z.literal(NAME) });
const metadata = z.strictObject({ name: z.string(), labels: labels.optional() });
const anyLabels = z.record(z.string(), z.string());

const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string().startsWith('/'), port: z.string() }),
  periodSeconds: z.int().positive(),
  timeoutSeconds: z.int().positive(),
  failureThreshold: z.int().positive().optional(),
});

const secretKey = z.strictObject({ secretKeyRef: z.strictObject({ name: z.literal(NAME), key: z.string() }) });

const container = z.strictObject({
  name: z.string(),
  image: z.string(),
  ports: z.tuple([z.strictObject({ name: z.literal('http'), containerPort: z.int() })]),
  envFrom: z.tuple([z.strictObject({ configMapRef: z.strictObject({ name: z.string().startsWith(NAME) }) })]),
  env: z.array(
    z.union([
      z.strictObject({ name: z.string(), value: z.string() }),
      z.strictObject({ name: z.string(), valueFrom: secretKey }),
    ]),
  ),
  volumeMounts: z.tuple([
    z.strictObject({ name: z.literal('secrets'), mountPath: z.string(), readOnly: z.literal(true) }),
  ]),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  resources: z.strictObject({
    requests: z.strictObject({ cpu: z.string(), memory: z.string() }),
    limits: z.strictObject({ memory: z.string() }),
  }),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  lifecycle: z.strictObject({
    preStop: z.strictObject({
      exec: z.strictObject({ command: z.tuple([z.literal('sleep'), z.string().regex(/^\d+$/)]) }),
    }),
  }),
});

const pod = z.strictObject({
  automountServiceAccountToken: z.literal(false),
  enableServiceLinks: z.literal(false),
  terminationGracePeriodSeconds: z.int(),
  securityContext: z.strictObject({
    runAsNonRoot: z.literal(true),
    runAsUser: z.int().positive(),
    runAsGroup: z.int().positive(),
    fsGroup: z.int().positive(),
    seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
  }),
  topologySpreadConstraints: z
    .array(
      z.strictObject({
        maxSkew: z.int(),
        topologyKey: z.string(),
        whenUnsatisfiable: z.enum(['ScheduleAnyway', 'DoNotSchedule']),
        labelSelector: z.strictObject({ matchLabels: labels }),
      }),
    )
    .min(1),
  containers: z.tuple([container]),
  volumes: z.tuple([
    z.strictObject({
      name: z.literal('secrets'),
      secret: z.strictObject({
        secretName: z.literal(NAME),
        defaultMode: z.literal(0o440),
        items: z.array(z.strictObject({ key: z.string(), path: z.string() })),
      }),
    }),
  ]),
});

export const deployment = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('Deployment'),
  metadata,
  spec: z.strictObject({
    replicas: z.int().min(2),
    revisionHistoryLimit: z.int(),
    selector: z.strictObject({ matchLabels: labels }),
    strategy: z.strictObject({
      rollingUpdate: z.strictObject({ maxUnavailable: z.literal(0), maxSurge: z.int().positive() }),
    }),
    template: z.strictObject({ metadata: z.strictObject({ labels }), spec: pod }),
  }),
});

export const podDisruptionBudget = z.strictObject({
  apiVersion: z.literal('policy/v1'),
  kind: z.literal('PodDisruptionBudget'),
  metadata,
  spec: z.strictObject({ minAvailable: z.int().positive(), selector: z.strictObject({ matchLabels: labels }) }),
});

export const service = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Service'),
  metadata,
  spec: z.strictObject({
    selector: labels,
    ports: z.tuple([z.strictObject({ name: z.literal('http'), port: z.int(), targetPort: z.string() })]),
  }),
});

const backend = z.strictObject({
  service: z.strictObject({ name: z.literal(NAME), port: z.strictObject({ name: z.string() }) }),
});

export const ingress = z.strictObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('Ingress'),
  metadata,
  spec: z.strictObject({
    ingressClassName: z.string(),
    tls: z.tuple([z.strictObject({ hosts: z.array(z.string()), secretName: z.string() })]),
    rules: z.tuple([
      z.strictObject({
        host: z.string(),
        http: z.strictObject({
          paths: z.array(z.strictObject({ path: z.string(), pathType: z.enum(['Exact', 'Prefix']), backend })),
        }),
      }),
    ]),
  }),
});

const selector = z.strictObject({ matchLabels: anyLabels });
const peer = z.union([
  z.strictObject({ namespaceSelector: selector, podSelector: selector.optional() }),
  z.strictObject({ podSelector: selector }),
  z.strictObject({ ipBlock: z.strictObject({ cidr: z.string(), except: z.array(z.string()) }) }),
]);
const policyPort = z.strictObject({
  port: z.union([z.int(), z.literal('http')]),
  protocol: z.enum(['TCP', 'UDP']),
});
// An empty list, or a rule without one, would allow everyone.
const peers = z.array(peer).min(1);
const policyPorts = z.array(policyPort).min(1);

export const networkPolicy = z.strictObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('NetworkPolicy'),
  metadata,
  spec: z.strictObject({
    podSelector: z.strictObject({ matchLabels: labels }),
    policyTypes: z.tuple([z.literal('Ingress'), z.literal('Egress')]),
    ingress: z.array(z.strictObject({ from: peers, ports: policyPorts })),
    egress: z.array(z.strictObject({ to: peers, ports: policyPorts })),
  }),
});

export const secret = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Secret'),
  metadata,
  type: z.literal('Opaque'),
  stringData: z.record(z.string(), z.literal('')),
});

export const serviceMonitor = z.strictObject({
  apiVersion: z.literal('monitoring.coreos.com/v1'),
  kind: z.literal('ServiceMonitor'),
  metadata,
  spec: z.strictObject({
    selector: z.strictObject({ matchLabels: labels }),
    endpoints: z.tuple([z.strictObject({ port: z.string(), path: z.string(), interval: z.string() })]),
  }),
});

export const kustomization = z.strictObject({
  apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
  kind: z.literal('Kustomization'),
  resources: z.array(z.string()),
  configMapGenerator: z.tuple([
    z.strictObject({ name: z.literal(NAME), literals: z.array(z.string().regex(/^[A-Z_]+=/)) }),
  ]),
  images: z.tuple([z.strictObject({ name: z.literal(NAME), newName: z.string(), newTag: z.string() })]),
});
