import { Type } from '@sinclair/typebox';
import type { Caller } from '../../accounts/caller.ts';
import type { AppDeps } from '../../app-deps.ts';
import { PassbellError } from '../../errors.ts';
import { TEMPLATE_NAME } from '../../otp/messages/own-template.ts';
import { paymentFaults, wordsFaults } from '../../otp/messages/template-faults.ts';
import { type Operation, operation } from './operation.ts';
import { pageSchema } from './page.ts';
import { refuseFaults } from './reads.ts';
import { readsJudged } from './reads-judged.ts';
import { mustOwnSettings } from './settings.ts';
import { languageFaults, templateBody, templateJson, templateSchema } from './templates-wire.ts';

type Deps = Pick<AppDeps, 'store' | 'clock'>;

/** Templates of an account: few enough for one page. */
const MOST_TEMPLATES = 100;

const tag = 'Templates';
const params = { name: Type.String({ pattern: TEMPLATE_NAME.source, description: 'Its name.', examples: ['login'] }) };

const readTemplate = readsJudged(templateBody, ({ texts = {}, spoken = {} }) => {
  const faults = [
    ...wordsFaults('texts', texts),
    ...languageFaults('texts', texts),
    ...wordsFaults('spoken', spoken),
    ...languageFaults('spoken', spoken),
  ];
  return faults.length > 0 ? faults : paymentFaults({ texts, spoken });
});

export function listTemplates({ store }: Deps): Operation<Caller> {
  return operation({
    id: 'listTemplates',
    summary: 'List the templates',
    ...{ tag },
    answers: { 200: { description: 'All of them, by name.', body: pageSchema(templateSchema) } },
    async handle({ who }) {
      const templates = await store.templates.list(who.account.id);
      return { status: 200, body: { data: templates.map(templateJson), next_cursor: null } };
    },
  });
}

export function showTemplate({ store }: Deps): Operation<Caller> {
  return operation({
    id: 'showTemplate',
    summary: 'Show a template',
    ...{ tag, params },
    answers: { 200: { description: 'The template.', body: templateSchema } },
    problems: ['not_found'],
    async handle({ who, params }) {
      const template = await store.templates.get(who.account.id, params['name'] ?? '');
      if (template === null) throw noSuchTemplate();
      return { status: 200, body: templateJson(template) };
    },
  });
}

export function putTemplate({ store, clock }: Deps): Operation<Caller> {
  return operation({
    id: 'putTemplate',
    summary: 'Add a template, or change it',
    description: 'The words are what verifications that name it are sent from then on.',
    ...{ tag, params },
    body: readTemplate,
    allow: mustOwnSettings,
    answers: { 200: { description: 'The template as it is now.', body: templateSchema } },
    problems: ['conflict', 'forbidden'],
    async handle({ who, params, body }) {
      const name = params['name'] ?? '';
      if (!TEMPLATE_NAME.test(name)) {
        const message = 'must begin with a small letter and go on with up to 63 small letters, digits, - or _';
        refuseFaults([{ field: 'name', message }]);
      }
      const { texts, spoken = {} } = body;
      const template = { accountId: who.account.id, name, texts, spoken, updatedAt: clock.now() };
      if (!(await store.templates.put(template, MOST_TEMPLATES))) {
        throw new PassbellError('conflict', { field: 'name', reason: 'too_many_templates' });
      }
      return { status: 200, body: templateJson(template) };
    },
  });
}

export function removeTemplate({ store }: Deps): Operation<Caller> {
  return operation({
    id: 'removeTemplate',
    summary: 'Remove a template',
    ...{ tag, params },
    allow: mustOwnSettings,
    answers: { 204: { description: 'It is gone. What was sent with it stays as it was said.' } },
    problems: ['not_found', 'forbidden'],
    async handle({ who, params }) {
      if (!(await store.templates.remove(who.account.id, params['name'] ?? ''))) throw noSuchTemplate();
      return { status: 204 };
    },
  });
}

function noSuchTemplate(): PassbellError {
  return new PassbellError('not_found', { what: 'template' });
}
