import type { Sandbox } from '../../sandbox/index.js';
import { eventually } from './eventually.js';

/**
 * Waits until DingTalk's last delivery is acknowledged. On a busy machine the answer may be late: DingTalk then delivers the event
 * again, once its clock has moved.
 *
 * @param eventId of this event; without it, of any
 */
export async function acknowledged({ stream, clock }: Sandbox, eventId?: string): Promise<void> {
  await eventually(() => {
    const delivery = stream.deliveries.findLast((one) => eventId === undefined || one.eventId === eventId);
    if (delivery?.outcome === 'LATER') clock.advance(10_000);
    expect(delivery).toMatchObject({ outcome: 'SUCCESS' });
  });
}
