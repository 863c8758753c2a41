import { z } from 'zod';

/** Optional data: no sign-in fails because its type differs from DingTalk's documentation. */
const decoration = z.string().nullish().catch(undefined);

/**
 * The response of `userAccessToken`. `corpId` is present only for the scope `openid corpid`: the organization that the
 * person selected. https://open.dingtalk.com/document/development/obtain-user-token
 */
export const userAccessToken = z.object({
  accessToken: z.string().min(1),
  // An empty value in any form means no organization; the policy decides about that.
  corpId: z
    .string()
    .nullish()
    .transform((corpId) => corpId?.trim() || undefined),
});

/**
 * The response of `contact/users/me`. `unionId` is the same for one person in all applications of one developer
 * organization and never changes; `mobile` and `stateCode` need the permission `Contact.User.mobile`.
 * https://open.dingtalk.com/document/development/dingtalk-retrieve-user-information
 */
export const currentUser = z.object({
  unionId: z.string().trim().min(1).max(128),
  nick: z.string().nullish(),
  mobile: z.string().nullish(),
  stateCode: z.string().nullish(),
  email: z.string().nullish(),
  avatarUrl: decoration,
});

/** The response of `oauth2/accessToken`; `expireIn` in seconds. */
export const appAccessToken = z.object({ accessToken: z.string().min(1), expireIn: z.number().positive() });

/** The response of `oauth2/{corpId}/token`; only its presence is checked. */
export const organizationToken = z.object({ access_token: z.string().min(1) }).transform(() => undefined);

/**
 * The envelope of the older API: always HTTP 200. Failures of DingTalk's own gateway arrive as 88, with the actual code
 * in `sub_code`. https://open.dingtalk.com/document/development/server-api-error-codes-1
 */
export const envelope = z.object({
  errcode: z.number(),
  errmsg: z.string().nullish(),
  sub_code: z.union([z.string(), z.number()]).nullish(),
  request_id: decoration,
  /** Absent in a refusal. */
  result: z.unknown().optional(),
});

/** The `result` of `topapi/user/getbyunionid`. */
export const userByUnionId = z.object({ contact_type: z.number(), userid: z.string().min(1) });

/** The `result` of `topapi/v2/user/getuserinfo`. */
export const inAppUser = z.object({ userid: z.string().min(1), unionid: z.string().trim().min(1).max(128) });

/** The `result` of `topapi/v2/user/get`; `mobile` and the addresses need field permissions. */
export const member = z.object({
  userid: z.string().min(1),
  unionid: z.string().min(1),
  name: z.string(),
  active: z.boolean(),
  mobile: z.string().nullish(),
  state_code: z.string().nullish(),
  email: z.string().nullish(),
  org_email: z.string().nullish(),
  avatar: decoration,
  job_number: decoration,
  title: decoration,
  dept_id_list: z.array(z.int()).nullish().catch(undefined),
});

/** The `result` of `topapi/v2/department/get`. */
export const department = z.object({ name: z.string().min(1) });

/** Ids of people, bounded because they are stored. */
const personId = z.string().trim().min(1).max(128);

/** The `result` of `topapi/v2/user/get`, ids only. */
export const memberIds = z.object({ userid: personId, unionid: personId });

/** The `result` of `topapi/user/getbyunionid` if it is stored. */
export const employeeIds = z.object({ contact_type: z.number(), userid: personId });

/** The `result` of `topapi/user/listadmin`: 1 is a main administrator. */
export const administrators = z.array(z.object({ userid: personId, sys_level: z.number().nullish() })).max(10_000);

/** A page of `contact/empLeaveRecords`; the names and numbers in it are dropped here. */
export const leaveRecords = z.object({
  nextToken: z.union([z.string().max(1000), z.number().transform(String)]).nullish(),
  records: z
    .array(
      z.object({
        userId: personId,
        leaveTime: decoration,
        leaveReason: z
          .string()
          .regex(/^\w{1,32}$/)
          .nullish()
          .catch(undefined),
      }),
    )
    .max(1000)
    .nullish(),
});

/** `auth/scopes`, whose fields are beside the code. */
export const scopes = z.object({
  errcode: z.number(),
  errmsg: z.string().nullish(),
  sub_code: z.union([z.string(), z.number()]).nullish(),
  request_id: decoration,
  auth_org_scopes: z
    .object({
      authed_dept: z
        .array(z.number())
        .nullish()
        .transform((ids) => (ids ?? []).toSorted((one, other) => one - other)),
      authed_user: z
        .array(z.string())
        .nullish()
        .transform((ids) => (ids ?? []).toSorted()),
    })
    .nullish(),
});

/** The effective code: the one inside an 88, else `errcode` itself. */
export function effectiveCode({ errcode, sub_code, errmsg }: z.output<typeof envelope>): number {
  if (errcode !== 88) return errcode;
  const inside = sub_code ?? /subcode=(\d+)/.exec(errmsg ?? '')?.[1] ?? '';
  const code = Number(inside);
  return inside !== '' && Number.isInteger(code) ? code : errcode;
}

/** The body of an HTTP error. DingTalk's own clients accept either spelling of the keys. */
const errorBody = z.object({
  code: z.string().optional().catch(undefined),
  Code: z.string().optional().catch(undefined),
  requestid: decoration,
  RequestId: decoration,
});

/** DingTalk's own code in an error body; undefined if the body has another shape. */
export function dingTalkErrorCode(body: unknown): string | undefined {
  const said = errorBody.safeParse(body).data;
  return said?.code ?? said?.Code;
}

/** Safe to log: a name or a number, never a sentence. */
const LOGGABLE = /^[\w.-]{1,100}$/;

/**
 * What DingTalk's documentation and support refer to: the error code and the request id, for the log. Never the
 * message, which may repeat request data.
 */
export function reference(code: unknown, requestId: unknown): string | undefined {
  const [named, asked] = [loggable(code), loggable(requestId)];
  const parts = [...(named === undefined ? [] : [named]), ...(asked === undefined ? [] : [`request ${asked}`])];
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** A request id that may be logged and stored. */
export function requestIdOf(value: unknown): string | undefined {
  return loggable(value);
}

function loggable(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && LOGGABLE.test(text) ? text : undefined;
}

/** The same from the body of an HTTP error. */
export function errorReference(body: unknown): string | undefined {
  const said = errorBody.safeParse(body).data;
  return reference(said?.code ?? said?.Code, said?.requestid ?? said?.RequestId);
}
