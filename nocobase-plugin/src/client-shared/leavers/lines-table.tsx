import { Button, Input, Space, Typography } from 'antd';
import React, { type ReactNode, useState } from 'react';
import { Table } from '../table.js';
import { filledIn } from '../filled-in.js';
import { type Text, useLanguage } from '../text.js';
import { type Answer, type Lines as PageOfLines, PAGE_SIZE, type Wanted } from './calls.js';
import { Unreadable } from './messages.js';
import { useAnswer } from './use-answer.js';

/** A searchable list with pages. */
export function LinesTable<Line>(props: {
  title: Text;
  /** Shown if the list is empty, or if the search found nothing. */
  none: Text;
  noneFound: Text;
  head: readonly Text[];
  /** A new number reloads the list. */
  round: number;
  load: (wanted: Wanted) => Promise<Answer<PageOfLines<Line>>>;
  cells: (line: Line) => readonly ReactNode[];
}) {
  const { title, none, noneFound, head, round, load, cells } = props;
  const { t } = useLanguage();
  const [typed, setTyped] = useState('');
  const [wanted, setWanted] = useState<Wanted>({ page: 1, search: '' });
  const answer = useAnswer(async () => load(wanted), `${round} ${wanted.page} ${wanted.search}`);
  const find = (): void => setWanted({ page: 1, search: typed.trim() });
  const turn = (by: number): void => setWanted(({ page, search }) => ({ page: page + by, search }));
  return (
    <section aria-label={t(title)}>
      <Space direction="vertical" style={{ display: 'flex' }}>
        <Typography.Title level={5}>{t(title)}</Typography.Title>
        <Space wrap>
          <Input
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            onPressEnter={find}
            placeholder={t('Nickname or user ID')}
            aria-label={`${t(title)}: ${t('Nickname or user ID')}`}
          />
          <Button onClick={find}>{t('Search')}</Button>
        </Space>
        {answer === undefined ? t('Loading …') : null}
        {answer?.isThere === false ? <Unreadable why={answer.why} /> : null}
        {answer?.isThere === true ? (
          <>
            {answer.value.lines.length === 0 ? (
              <Typography.Text type="secondary">{t(wanted.search === '' ? none : noneFound)}</Typography.Text>
            ) : (
              <Table
                label={t(title)}
                head={head.map((name) => t(name))}
                rows={answer.value.lines.map(cells)}
                style={{ width: '100%' }}
              />
            )}
            <Pages page={wanted.page} total={answer.value.total} turn={turn} />
          </>
        ) : null}
      </Space>
    </section>
  );
}

function Pages({ page, total, turn }: { page: number; total: number; turn: (by: number) => void }) {
  const { t } = useLanguage();
  const last = Math.max(1, Math.ceil(total / PAGE_SIZE));
  if (last === 1 && page === 1) return null;
  const to = Math.min(total, page * PAGE_SIZE);
  const from = Math.min(to, (page - 1) * PAGE_SIZE + 1);
  return (
    <Space>
      <Button disabled={page <= 1} onClick={() => turn(page > last ? last - page : -1)}>
        {t('Previous page')}
      </Button>
      {filledIn(t('{from} to {to} of {total}'), { from, to, total })}
      <Button disabled={page >= last} onClick={() => turn(1)}>
        {t('Next page')}
      </Button>
    </Space>
  );
}
