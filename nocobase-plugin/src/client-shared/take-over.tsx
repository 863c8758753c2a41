import { Alert, Button, Divider, Radio, Space, Typography } from 'antd';
import React, { useEffect, useRef, useState } from 'react';
import { isText } from '../../../src/core/browser/index.js';
import { type Outcome, OUTCOMES } from '../server/take-over/outcomes.js';
import { comeIntoView } from './come-into-view.js';
import { useFormState } from './form-state.js';
import {
  fetchOthers,
  isOver,
  NOBODY,
  type OtherAuthenticator,
  takeOverPart,
  type TakenOver,
} from './take-over-calls.js';
import { Table } from './table.js';
import { type Language, type Text, useLanguage } from './text.js';

/** The label of each count, and what it means for the people who are named. */
const WORDS = {
  linked: { count: 'Linked', meaning: undefined },
  already: { count: 'Already linked', meaning: undefined },
  protected: { count: 'Protected', meaning: 'Accounts of administrators are never linked by a take-over.' },
  gone: { count: 'User deleted', meaning: 'The old binding refers to a user who no longer exists in NocoBase.' },
  conflict: {
    count: 'Conflict',
    meaning: 'Two accounts are linked to one person, or the account is linked to someone else.',
  },
  unknown: {
    count: 'Not found',
    meaning: 'DingTalk has no person with this ID. They may have left the organization.',
  },
  outOfScope: {
    count: 'Outside the contact scope',
    meaning: 'DingTalk does not show this person to the application. Widen its contact scope.',
  },
  number: {
    count: 'Mobile number',
    meaning:
      'The old binding contains a mobile number. If people are matched by mobile number, this person is matched at the next sign-in.',
  },
} as const satisfies Record<Outcome, { count: Text; meaning: Text | undefined }>;

interface Run {
  readonly from: string;
  readonly dryRun: boolean;
  readonly isRunning: boolean;
  readonly taken: TakenOver;
}

/** Takes over the links that another plugin created, after a preview. */
export function TakeOver() {
  const { t } = useLanguage();
  const { client, name, isStored } = useFormState();
  const [others, setOthers] = useState<readonly OtherAuthenticator[]>([]);
  const [from, setFrom] = useState<string | undefined>(undefined);
  const [run, setRun] = useState<Run | undefined>(undefined);
  const isShown = useRef(true);
  const isOffered = isStored && isText(name);

  useEffect(() => {
    if (isOffered) void fetchOthers(client.app, name).then((found) => isShown.current && setOthers(found));
  }, [isOffered, name]);
  // Closing the form stops it after the current batch.
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  if (!isOffered || others.length === 0) return null;

  const start = async (source: string, dryRun: boolean): Promise<void> => {
    let taken = NOBODY;
    setRun({ from: source, dryRun, isRunning: true, taken });
    while (isShown.current && !isOver(taken)) {
      taken = await takeOverPart(client.app, name, { from: source, dryRun }, taken);
      setRun({ from: source, dryRun, isRunning: !isOver(taken), taken });
    }
  };
  const isRunning = run?.isRunning === true;
  // A stopped or completed run may be continued; a preview that stopped shows too little.
  const wasSeen =
    run !== undefined && (!run.dryRun || (run.taken.failure === undefined && run.taken.counts.linked > 0));
  const mayTakeOver = wasSeen && run.from === from && !isRunning;
  return (
    <>
      <Divider orientation="left" orientationMargin="0">
        {t('Take over bindings of another plugin')}
      </Divider>
      <Space direction="vertical" style={{ display: 'flex' }}>
        <Typography.Text type="secondary">
          {t(
            'People keep the accounts that another sign-in plugin has linked them to. NocoBase asks DingTalk who each of them is, also if a gateway signs people in: the application needs the permission qyapi_get_member and must belong to the same organization, because the same userid is a different person in another one. The old bindings are not changed.',
          )}
        </Typography.Text>
        <div role="group" aria-label={t('Authenticator of the other plugin')}>
          <Radio.Group
            value={from}
            disabled={isRunning}
            onChange={({ target }) => setFrom(target.value)}
            options={others.map((other) => ({ value: other.name, label: `${other.title} (${other.name})` }))}
          />
        </div>
        <Space>
          <Button
            disabled={from === undefined || isRunning}
            onClick={() => from !== undefined && void start(from, true)}
          >
            {t('Show what would happen')}
          </Button>
          <Button disabled={!mayTakeOver} onClick={() => from !== undefined && mayTakeOver && void start(from, false)}>
            {t('Take over')}
          </Button>
        </Space>
        <div role="status">
          {run === undefined ? null : (
            <div key={isRunning ? 'running' : 'over'} ref={comeIntoView}>
              <Report run={run} t={t} />
            </div>
          )}
        </div>
      </Space>
    </>
  );
}

function Report({ run: { dryRun, isRunning, taken }, t }: { run: Run; t: Language['t'] }) {
  const { failure, counts, lines } = taken;
  const told = OUTCOMES.filter((outcome) => counts[outcome] > 0 || outcome === 'linked');
  const done = t(dryRun ? 'Preview. Nothing has been changed.' : 'Done');
  return (
    <Space direction="vertical" style={{ display: 'flex' }}>
      {isRunning ? t('Working …') : null}
      {failure === undefined ? null : (
        <Alert type="error" showIcon message={t('The take-over has stopped')} description={failure} />
      )}
      {!isRunning && failure === undefined ? <Typography.Text strong>{done}</Typography.Text> : null}
      <Table
        head={[t('Result'), t('People')]}
        rows={told.map((outcome) => {
          const { count } = WORDS[outcome];
          return [t(dryRun && outcome === 'linked' ? 'Would be linked' : count), counts[outcome]];
        })}
      />
      {lines.length === 0 ? null : (
        <Table
          head={[t('User'), t('Result'), t('What it means')]}
          rows={lines.map(({ userId, nickname, outcome }) => {
            const { count, meaning } = WORDS[outcome];
            return [`${userId} ${nickname}`, t(count), meaning === undefined ? '' : t(meaning)];
          })}
        />
      )}
    </Space>
  );
}
