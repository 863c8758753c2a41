import { z } from 'zod';

/** A frame of Stream: https://open-dingtalk.github.io/developerpedia/docs/learn/stream/protocol */
export interface Frame {
  readonly type: string;
  readonly topic: string;
  readonly messageId: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

const name = z.string().max(128);
const headers = z.looseObject({ topic: name.optional(), messageId: name.optional() });
const frame = z.object({
  type: name,
  headers: headers.optional(),
  // Spelled this way in one of the vendor's samples.
  header: headers.optional(),
  data: z.unknown().optional(),
});

/** @returns undefined if it is no frame */
export function readFrame(text: unknown): Frame | undefined {
  if (typeof text !== 'string') return undefined;
  const read = frame.safeParse(parseJson(text)).data;
  const said = read?.headers ?? read?.header;
  if (read === undefined || said === undefined) return undefined;
  return { type: read.type, topic: said.topic ?? '', messageId: said.messageId, headers: said, data: read.data };
}

/** `code` 200: read; 404: unknown. */
export function answerTo(messageId: string, code: 200 | 404, data: string): string {
  return JSON.stringify({
    code,
    message: code === 200 ? 'OK' : 'not found',
    headers: { messageId, contentType: 'application/json' },
    data,
  });
}

/** LATER requests the event again. */
export const eventAnswer = (messageId: string, isNoted: boolean): string =>
  answerTo(
    messageId,
    200,
    JSON.stringify(isNoted ? { status: 'SUCCESS', message: 'ok' } : { status: 'LATER', message: 'later' }),
  );

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
