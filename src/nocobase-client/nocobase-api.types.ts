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
 * `users:list` with the roles people hold themselves and through their departments. A row without `roles` is refused:
 * NocoBase leaves out, without a word, what the key may not see, and a protected account must not look like any other.
 * `departments` is missing where that plugin is off.
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

/** `users:list` of one user with some fields. A field that the key may not see, or that does not exist, is left out. */
export const profileRows = z.object({
  data: z.array(
    z.looseObject({
      id,
      roles: roleNames.optional(),
      departments: z.array(z.object({ roles: roleNames })).default([]),
    }),
  ),
});

/** `users:update` answers with whole rows, also with fields that the key may not see. */
export const updatedUsers = z.object({ data: z.array(z.looseObject({ id })) });

/** `users:list`, ids only */
export const userIds = z.object({ data: z.array(z.object({ id })) });

/** A new user, with the roles NocoBase really gave. */
export const createdUser = z.object({ data: z.object({ id, username: z.string(), roles: roleNames.default([]) }) });

/** A new binding. */
export const createdBinding = z.object({ data: z.object({ userId: id, uuid: z.string() }) });

/** A new row of `issuedTokens`. */
export const issuedToken = z.object({ data: z.object({ jti: z.string() }) });

/** `authenticators:list`, names only */
export const authenticatorNames = z.object({ data: z.array(z.object({ name: z.string() })) });

/** `authenticators:list` with their types; a right that is missing leaves them out. */
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

/** The errors in a NocoBase error body; none where the body is something else. */
export function nocoBaseErrors(body: unknown): z.output<typeof errorBody>['errors'] {
  return errorBody.safeParse(body).data?.errors ?? [];
}

/** `auth:check`: whose the token is. */
export const signedInUser = z.object({ data: z.object({ id: z.int().positive() }) });
