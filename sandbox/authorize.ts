import { readAuthorizationRequest, type AuthorizationRequest } from './authorization-request.js';
import { consentPage, organizationPage } from './consent-page.js';
import type { Answer, Call } from './http.js';
import { errorPage, isFramed } from './page.js';
import type { State } from './state.js';
import { tellEmbedder } from './widget.js';
import type { Membership, Person } from './world.types.js';

/** GET /oauth2/auth: the consent page, or an error page. A bad request never redirects. */
export function showConsent(call: Call, state: State): Answer {
  const read = readAuthorizationRequest(call.query, state.world);
  return 'problem' in read ? errorPage(call, 400, read.problem) : consentPage(call, state.world, read.request.app);
}

/** POST /oauth2/auth: the person's choice. The request is in the query again and is checked again. */
export function submitConsent(call: Call, state: State): Answer {
  const read = readAuthorizationRequest(call.query, state.world);
  if ('problem' in read) return errorPage(call, 400, read.problem);
  const { request } = read;
  const outcome = decide(call, state, request);
  if (!isFramed(call)) return outcome;
  return tellOutcome(call, state, request, outcome);
}

/** The widget does not redirect: it notifies the embedding page, which redirects. */
function tellOutcome(call: Call, state: State, request: AuthorizationRequest, outcome: Answer): Answer {
  const { code } = outcome;
  const redirectUrl = outcome.headers['location'];
  if (redirectUrl !== undefined) {
    const times = state.world.widgetMessages;
    return tellEmbedder(call, request, { success: true, redirectUrl }, { times, code });
  }
  if (code !== 'not_a_member') return outcome;
  const refusal = { success: false, errorMsg: '操作失败，你不在组织内', errorCode: 11055 } as const;
  return tellEmbedder(call, request, refusal, { times: 1, code });
}

function decide(call: Call, state: State, request: AuthorizationRequest): Answer {
  const choice = new URLSearchParams(call.body);
  if (choice.has('deny')) return redirect(request, { error: state.world.denialError }, 'denied');

  const person = state.world.people.get(choice.get('person') ?? '');
  if (!person) return errorPage(call, 400, 'unknown_person');
  const employers = state.world.employers(person);
  if (isOutsider(request, employers)) return errorPage(call, 403, 'not_a_member');
  if (!request.wantsCorpId) return grant(state, request, person);

  const offered = employers.filter((membership) => membership.admin || !request.onlyManaged);
  if (request.onlyManaged && offered.length === 0) return errorPage(call, 403, 'no_organization');
  const corpId = chosenCorpId(offered, choice.get('corp') ?? request.preselectedCorpId);
  return corpId === undefined && offered.length > 1
    ? organizationPage(call, state.world, request.app, person, offered)
    : grant(state, request, person, corpId);
}

/**
 * DingTalk itself rejects outsiders of an internal application:
 * open.dingtalk.com/document/development/tutorial-obtaining-user-personal-information
 */
function isOutsider({ app }: AuthorizationRequest, employers: Membership[]): boolean {
  return app.internal && !app.letOutsidersThrough && !employers.some(({ corpId }) => corpId === app.corpId);
}

/** A selected organization is accepted only if the person belongs to it; with a single organization nothing can be selected. */
function chosenCorpId(offered: Membership[], wanted: string | undefined): string | undefined {
  const chosen = offered.find(({ corpId }) => corpId === wanted) ?? (offered.length === 1 ? offered[0] : undefined);
  return chosen?.corpId;
}

/** `code` and `authCode` carry the same value; the documentation tells clients to take either. */
function grant(state: State, request: AuthorizationRequest, person: Person, corpId?: string): Answer {
  const code = state.browserCodes.issue({
    clientId: request.app.clientId,
    personId: person.id,
    ...(corpId !== undefined && { corpId }),
  });
  return redirect(request, { code, authCode: code }, 'ok');
}

/** The redirect URL is kept unchanged, including a query of its own. */
function redirect(request: AuthorizationRequest, result: Record<string, string>, code: string): Answer {
  const parameters = { ...result, ...(request.state !== undefined && { state: request.state }) };
  const query = Object.entries(parameters).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const location = `${request.redirectUri}${request.redirectUri.includes('?') ? '&' : '?'}${query.join('&')}`;
  return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '', code };
}
