import { z } from 'zod';

/** NocoBase's ids are positive integers in JSON. */
const id = z.int().positive();

/** `usersAuthenticators:list` */
export const bindingRows = z.object({
  data: z.array(z.object({ userId: id, uuid: z.string(), authenticator: z.string(), meta: z.unknown().optional() })),
});
export type BindingRow = z.output<typeof bindingRows>['data'][number];

const roleNames = z.array(z.object({ name: z.string() }));

/**
 * `users:list` with the roles that people hold directly and through their departments. A record without `roles` is
 * refused: NocoBase silently omits what the key may not read, and a protected account must not look like any other.
 * `departments` is missing if that plugin is disabled.
 */
export const userRows = z.object({
  data: z.array(
    z.object({
      id,
      phone: z.string().nullish(),
      email: z.string().nullish(),
      roles: roleNames,
      departments: z.array(z.object({ roles: roleNames })).default([]),
    }),
  ),
});

/**
 * `users:list` of one user with some fields. NocoBase omits a field that the key may not read, or that does not exist.
 */
export const profileRows = z.object({
  data: z.array(
    z.looseObject({
      id,
      roles: roleNames.optional(),
      departments: z.array(z.object({ roles: roleNames })).default([]),
    }),
  ),
});

/** `users:update` returns whole records, including fields that the key may not read. */
export const updatedUsers = z.object({ data: z.array(z.looseObject({ id })) });

/** `users:list`, ids only */
export const userIds = z.object({ data: z.array(z.object({ id })) });

/** A new user, with the roles that NocoBase actually assigned. */
export const createdUser = z.object({ data: z.object({ id, username: z.string(), roles: roleNames.default([]) }) });

/** A new binding. */
export const createdBinding = z.object({ data: z.object({ userId: id, uuid: z.string() }) });

/** A new record of `issuedTokens`. */
export const issuedToken = z.object({ data: z.object({ jti: z.string() }) });

/** `authenticators:list`, names only */
export const authenticatorNames = z.object({ data: z.array(z.object({ name: z.string() })) });

/** `authenticators:list` with their types, which are omitted if a right is missing. */
export const authenticatorTypes = z.object({
  data: z.array(z.object({ name: z.string(), authType: z.string().nullish() })),
});

/** `roles:list` */
export const roleRows = z.object({ data: z.array(z.object({ name: z.string(), default: z.boolean().nullish() })) });

/** `tokenControlConfig:list` */
export const tokenPolicyRows = z.object({
  data: z.array(z.object({ key: z.string(), config: z.object({ tokenExpirationTime: z.string().min(1).max(100) }) })),
});

const errorBody = z.object({
  errors: z.array(z.object({ message: z.string().nullish(), code: z.string().nullish() })),
});

/** The errors in a NocoBase error body; empty if the body has another shape. */
export function nocoBaseErrors(body: unknown): z.output<typeof errorBody>['errors'] {
  return errorBody.safeParse(body).data?.errors ?? [];
}

/** `auth:check`: the owner of the token. */
export const signedInUser = z.object({ data: z.object({ id: z.int().positive() }) });
