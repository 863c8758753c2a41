import * as z from 'zod';

/** The parts of https://github.com/compose-spec/compose-spec that deploy/compose/compose.yaml uses, after its anchors are merged. */
const condition = z.strictObject({ condition: z.enum(['service_healthy', 'service_started']) });

const composeService = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.literal('../..') }).optional(),
  restart: z.enum(['unless-stopped', 'no']),
  profiles: z.array(z.string()).optional(),
  user: z.string().optional(),
  command: z.array(z.string()).optional(),
  env_file: z.literal('.env').optional(),
  environment: z.record(z.string(), z.string()).optional(),
  secrets: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  tmpfs: z.array(z.string()).optional(),
  networks: z.array(z.string()),
  depends_on: z.record(z.string(), condition).optional(),
  healthcheck: z
    .union([
      z.strictObject({ disable: z.literal(true) }),
      z.strictObject({
        test: z.array(z.string()),
        interval: z.string(),
        timeout: z.string(),
        retries: z.int().optional(),
        start_period: z.string().optional(),
      }),
    ])
    .optional(),
  read_only: z.literal(true).optional(),
  cap_drop: z.tuple([z.literal('ALL')]).optional(),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }),
  mem_limit: z.string().optional(),
  pids_limit: z.int().optional(),
  shm_size: z.string().optional(),
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .optional(),
});

export const composeFile = z.strictObject({
  'x-hardened': z.unknown(),
  services: z.record(z.string(), composeService),
  networks: z.record(
    z.string(),
    z.strictObject({
      internal: z.boolean().optional(),
      ipam: z.strictObject({ config: z.array(z.strictObject({ subnet: z.string() })) }).optional(),
    }),
  ),
  volumes: z.record(z.string(), z.strictObject({})),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});

export type ComposeService = z.infer<typeof composeService>;
