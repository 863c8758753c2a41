import React from 'react';
import { EVENT_WAYS, type EventWay, LEAVER_MODES, type LeaverMode } from '../../../src/core/leavers/index.js';
import { Choices } from './choices.js';
import type { ControlProps } from './list.js';
import type { Text } from './text.js';

type Props = ControlProps<string, { target: { value: string } }>;

const MODES = {
  off: { label: 'Do nothing', help: 'DingTalk is not asked. People who have left can continue to use NocoBase.' },
  report: {
    label: 'Report only',
    help: 'Settings › Authentication › People who left DingTalk lists those who have left. Nobody is locked. Start with this.',
  },
  lock: {
    label: 'Lock the account',
    help: 'Sessions and API keys end within seconds, and every way to sign in is blocked. Records, roles and bindings are kept, and the lock can be undone. Accounts with a protected role are never locked.',
  },
} as const satisfies Record<LeaverMode, { label: Text; help: Text }>;

/** What happens to the account of a person who has left. */
export function Leavers(props: Props) {
  return <Choices {...props} value={props.value ?? 'report'} names={LEAVER_MODES} words={MODES} />;
}

const WAYS = {
  off: { label: 'Only by asking', help: 'DingTalk is asked every few minutes, and about everyone every night.' },
  stream: {
    label: 'Stream push',
    help: 'A connection from here to DingTalk: you need not open any address to the internet. Another program that uses Stream with the same Client ID takes some of the events.',
  },
  push: {
    label: 'HTTP push',
    help: 'DingTalk calls the address below, which must be reachable from the internet. Set the token and the key from its console in the environment: DINGTALK_EVENT_TOKEN and DINGTALK_EVENT_AES_KEY.',
  },
} as const satisfies Record<EventWay, { label: Text; help: Text }>;

/** How DingTalk reports that a person has left. */
export function Events(props: Props) {
  return <Choices {...props} value={props.value ?? 'off'} names={EVENT_WAYS} words={WAYS} />;
}
