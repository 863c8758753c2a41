import { ONE_LEFT_OF } from '../upstream/people.js';

/** Their ids start here. */
const FIRST_ID = 1_000_000;

/**
 * Creates users who are bound at an authenticator (`colleague`). No userid is known, as before the first night, except for those
 * who have left meanwhile: DingTalk would no longer return one for them.
 */
export function boundPeople(people: number, authenticator: string): string[] {
  const everybody = `generate_series(1, ${people}) AS n`;
  const hasLeft = `n % ${ONE_LEFT_OF} = 0`;
  const unionId = `'bench-' || CASE WHEN ${hasLeft} THEN 'gone-' ELSE 'here-' END || n`;
  const id = `${FIRST_ID} + n`;
  return [
    `INSERT INTO users (id, username, nickname, "createdAt", "updatedAt")
     SELECT ${id}, 'bound-' || n, 'Bound ' || n, now(), now() FROM ${everybody}`,
    `INSERT INTO "rolesUsers" ("userId", "roleName", "createdAt", "updatedAt")
     SELECT ${id}, 'member', now(), now() FROM ${everybody}`,
    `INSERT INTO "usersAuthenticators" (authenticator, "userId", uuid, "createdAt", "updatedAt")
     SELECT '${authenticator}', ${id}, ${unionId}, now(), now() FROM ${everybody}`,
    `INSERT INTO dingtalk_leaver_members (authenticator, user_id, union_id, userid, seen_at)
     SELECT '${authenticator}', ${id}, ${unionId}, 'gone-' || n, 0 FROM ${everybody} WHERE ${hasLeft}`,
    // As the database does by itself some time after this many inserts.
    'ANALYZE',
  ];
}
