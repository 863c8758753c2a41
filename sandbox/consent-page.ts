import { html, type Html } from './html.js';
import type { Answer, Call } from './http.js';
import { languageOf } from './language.js';
import { page } from './page.js';
import type { World } from './world.js';
import type { App, Membership, Person } from './world.types.js';

const TEXTS = {
  zh: {
    title: (app: string) => `登录 ${app}`,
    from: (organization: string) => `由「${organization}」提供`,
    grants: '该应用将获得以下权限',
    basic: '你的昵称、头像和钉钉身份标识',
    mobile: '你的手机号',
    people: '选择一个测试人员并同意授权',
    organizations: '选择要登录的组织',
    deny: '拒绝授权',
    nobody: '不属于任何组织',
    noMobile: '无手机号',
    external: '外部联系人',
    inactive: '未激活',
  },
  en: {
    title: (app: string) => `Sign in to ${app}`,
    from: (organization: string) => `Provided by ${organization}`,
    grants: 'The application will receive',
    basic: 'Your nickname, avatar and DingTalk identity',
    mobile: 'Your mobile number',
    people: 'Choose a test person and agree',
    organizations: 'Choose an organization to sign in with',
    deny: 'Deny',
    nobody: 'in no organization',
    noMobile: 'no mobile',
    external: 'external contact',
    inactive: 'not activated',
  },
} as const;

/** Plain forms: the page works without JavaScript, and its Content-Security-Policy allows none. */
export function consentPage(call: Call, world: World, app: App): Answer {
  const text = TEXTS[languageOf(call)];
  const people = [...world.people.values()].map((person, index) =>
    choice({
      field: html`name="person" value="${person.id}" data-person="${person.id}"`,
      avatar: person.name.slice(-2),
      color: index,
      name: names(call, person),
      about: aboutPerson(call, world, person),
    }),
  );
  const grants = [text.basic, ...(app.permissions['Contact.User.mobile'] ? [text.mobile] : [])];
  const body = html`<h2>${text.grants}</h2>
    <ul class="grants">
      ${grants.map((grant) => html`<li>${grant}</li>`)}
    </ul>
    <h2>${text.people}</h2>
    ${people}`;
  return page(call, 200, 'ok', card(call, world, app, body));
}

export function organizationPage(call: Call, world: World, app: App, person: Person, offered: Membership[]): Answer {
  const organizations = offered.map(({ corpId, title }, index) =>
    choice({
      field: html`name="corp" value="${corpId}" data-corp="${corpId}"`,
      avatar: world.organization(corpId).name.slice(0, 2),
      color: index,
      name: names(call, world.organization(corpId)),
      about: title ?? corpId,
    }),
  );
  const body = html`<h2>${TEXTS[languageOf(call)].organizations}</h2>
    <input type="hidden" name="person" value="${person.id}" />
    ${organizations}`;
  return page(call, 200, 'choose_organization', card(call, world, app, body));
}

/** The form posts to its own address, so the authorization request travels on in the query and is checked again. */
function card(call: Call, world: World, app: App, body: Html): Html {
  const text = TEXTS[languageOf(call)];
  const organization = names(call, world.organization(app.corpId))[0];
  return html`<main class="card">
    <div class="head">
      <div class="app">
        <div class="mark" aria-hidden="true">${app.name.slice(0, 1)}</div>
        <div>
          <h1>${text.title(app.name)}</h1>
          <p>${text.from(organization)}</p>
        </div>
      </div>
    </div>
    <form class="body" method="post" action="?${call.query.toString()}">
      ${body}
      <button class="deny" name="deny" value="1" data-deny>${text.deny}</button>
    </form>
  </main>`;
}

function choice(option: { field: Html; avatar: string; color: number; name: [string, string]; about: string }): Html {
  const [first, second] = option.name;
  return html`<button class="choice" ${option.field}>
    <span class="avatar c${String(option.color % 7)}" aria-hidden="true">${option.avatar}</span>
    <span class="who"
      ><span class="name">${first}<small>${second === first ? '' : second}</small></span>
      <span class="about">${option.about}</span></span
    >
  </button>`;
}

function names(call: Call, { name, nameEn }: { name: string; nameEn: string }): [string, string] {
  return languageOf(call) === 'zh' ? [name, nameEn] : [nameEn, name];
}

/** Describes what is special about this person. */
function aboutPerson(call: Call, world: World, person: Person): string {
  const text = TEXTS[languageOf(call)];
  const organizations = person.memberships.map((membership) => {
    const remarks = [membership.contactType === 1 && text.external, !membership.active && text.inactive].filter(
      Boolean,
    );
    const name = names(call, world.organization(membership.corpId))[0];
    return remarks.length === 0 ? name : `${name} (${remarks.join(', ')})`;
  });
  const mobile = person.mobile ? `+${person.stateCode ?? ''} ${person.mobile}` : text.noMobile;
  return [mobile, organizations.join(' / ') || text.nobody].join(' · ');
}
