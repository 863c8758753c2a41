import { z } from 'zod';

/** NocoBase's ids are positive integers in JSON. */
const id = z.int().positive();

/** `usersAuthenticators:list` */
export const bindingRows = z.object({
  data: z.array(z.object({ userId: id, uuid: z.string(), authenticator: z.string() })),
});

/** `users:list` with its roles */
export const userRows = z.object({
  data: z.array(
    z.object({
      id,
      phone: z.string().nullish(),
      email: z.string().nullish(),
      roles: z.array(z.object({ name: z.string() })),
    }),
  ),
});

/** A row that was created; all we need of it is its id. */
export const createdUser = z.object({ data: z.object({ id }) });

/** Answers whose content does not matter to us. */
export const anyAnswer = z.object({ data: z.unknown() });

/** `roles:list` */
export const roleRows = z.object({ data: z.array(z.object({ name: z.string(), default: z.boolean().nullish() })) });

/** `tokenControlConfig:list` */
export const tokenPolicyRows = z.object({
  data: z.array(z.object({ key: z.string(), config: z.object({ tokenExpirationTime: z.string() }) })),
});

const errorBody = z.object({
  errors: z.array(z.object({ message: z.string().nullish(), code: z.string().nullish() })),
});

/** The errors in a NocoBase error body; none where the body is something else. */
export function nocoBaseErrors(body: unknown): z.output<typeof errorBody>['errors'] {
  return errorBody.safeParse(body).data?.errors ?? [];
}
