import { Alert, Button, Card, Space, Typography } from 'antd';
import React, { type ReactNode, useState } from 'react';
import type { ClientApp } from '../client-app.js';
import { comeIntoView } from '../come-into-view.js';
import { filledIn } from '../filled-in.js';
import { useLanguage } from '../text.js';
import { type Answer, ask, fetchLocks, fetchReports, goOn, unlock } from './calls.js';
import { LockByHand } from './lock-by-hand.js';
import { answerLines, clockOf, evidenceLines, whatWasReported, whenReported, whoIs, whyLocked } from './sentences.js';
import { StatusStrip } from './status-strip.js';
import { LISTS } from './words.js';
import type { Line } from './admin-api.js';
import { LinesTable } from './lines-table.js';
import { Lines } from './messages.js';

/** Result of the last action. */
interface Done {
  readonly isWell: boolean;
  readonly lines: readonly string[];
}

/** Locks and reports, for people who are allowed to configure authenticators. */
export function LeaversPage({ app }: { app: ClientApp }) {
  const language = useLanguage();
  const { t } = language;
  const clock = clockOf(language);
  const [round, setRound] = useState(0);
  const [done, setDone] = useState<Done | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);

  /** One action at a time; afterwards everything is reloaded. */
  const run = async <Value,>(
    action: () => Promise<Answer<Value>>,
    words: (value: Value) => readonly string[],
    meanwhile?: string,
  ): Promise<void> => {
    setBusy(true);
    setDone(meanwhile === undefined ? undefined : { isWell: true, lines: [meanwhile] });
    const answer = await action();
    setDone(
      answer.isThere
        ? { isWell: true, lines: words(answer.value) }
        : {
            isWell: false,
            lines: [answer.why === '' ? t('NocoBase did not respond properly. Try again.') : answer.why],
          },
    );
    setBusy(false);
    setRound((before) => before + 1);
  };

  const askNow = (line: Line): ReactNode => (
    <Button
      key="ask"
      size="small"
      disabled={isBusy}
      aria-label={`${t('Ask DingTalk now')}: ${whoIs(line)}`}
      onClick={() =>
        void run(
          async () => ask(app, line.userId),
          (answers) => answerLines(answers, t).map((words) => `${whoIs(line)}: ${words}`),
          t('Asking DingTalk …'),
        )
      }
    >
      {t('Ask DingTalk now')}
    </Button>
  );

  return (
    <Card>
      <Space direction="vertical" size={24} style={{ display: 'flex' }}>
        <Space direction="vertical" style={{ display: 'flex' }}>
          <Typography.Text type="secondary">
            {t(
              'Who has left the organization in DingTalk, and whose account is locked because of it. Nobody is deleted: an unlocked account has everything it had before.',
            )}
          </Typography.Text>
          <Button disabled={isBusy} onClick={() => setRound((before) => before + 1)}>
            {t('Refresh')}
          </Button>
          <div role="status">
            {done === undefined ? null : (
              <div key={done.lines.join()} ref={comeIntoView}>
                <Alert
                  type={done.isWell ? 'info' : 'error'}
                  showIcon
                  message={done.isWell ? <Lines lines={done.lines} /> : t('The action failed')}
                  description={done.isWell ? undefined : <Lines lines={done.lines} />}
                />
              </div>
            )}
          </div>
        </Space>
        <StatusStrip
          app={app}
          round={round}
          isBusy={isBusy}
          onGoOn={(name) =>
            void run(
              async () => goOn(app, name),
              (count) => [filledIn(t('People being checked again: {count}.'), { count })],
            )
          }
        />
        <LinesTable
          {...LISTS.locks}
          round={round}
          load={async (wanted) => fetchLocks(app, wanted)}
          cells={(line) => [
            whoIs(line),
            <Lines key="why" lines={whyLocked(line, t)} />,
            clock(line.at),
            <Lines key="evidence" lines={evidenceLines(line.evidence, t, clock)} />,
            <Space key="actions" wrap>
              <Button
                size="small"
                disabled={isBusy}
                aria-label={`${t('Unlock')}: ${whoIs(line)}`}
                onClick={() =>
                  void run(
                    async () => unlock(app, line.userId),
                    (outcome) => [
                      filledIn(
                        t(
                          outcome === 'unlocked'
                            ? 'User {id} is unlocked and has to sign in again.'
                            : 'User {id} was not locked.',
                        ),
                        { id: line.userId },
                      ),
                    ],
                  )
                }
              >
                {t('Unlock')}
              </Button>
              {askNow(line)}
            </Space>,
          ]}
        />
        <LockByHand app={app} isBusy={isBusy} run={run} />
        <LinesTable
          {...LISTS.reports}
          round={round}
          load={async (wanted) => fetchReports(app, wanted)}
          cells={(line) => [
            <Lines key="when" lines={whenReported(line, t, clock)} />,
            whoIs(line),
            <Lines key="what" lines={whatWasReported(line, t)} />,
            <Lines key="evidence" lines={evidenceLines(line.evidence, t, clock)} />,
            askNow(line),
          ]}
        />
      </Space>
    </Card>
  );
}
