import { randomUUID } from 'node:crypto';
import type { Context, Next } from '@nocobase/server';

/**
 * NocoBase writes what an action was given into its request log and its audit log. So the Client Secret is taken out of
 * the request before anything looks at it, and a slip goes in its place that is good for this request.
 */
export class SecretSlips {
  private readonly secrets = new Map<string, string>();

  /** Middleware for every action on authenticators, also below another resource. */
  readonly middleware = async (context: Context, next: Next): Promise<void> => {
    if (!/(?:^|\.)authenticators$/.test(context.action.resourceName)) {
      await next();
      return;
    }
    const slips: string[] = [];
    const exchange = (secret: string): string => {
      const slip = `slip:${randomUUID()}`;
      this.secrets.set(slip, secret);
      slips.push(slip);
      return slip;
    };
    exchangeIn(context.action.params['values'], exchange);
    exchangeIn(context.request.body, exchange);
    try {
      await next();
    } finally {
      slips.forEach((slip) => this.secrets.delete(slip));
    }
  };

  /** The secret behind a slip; what is none is a secret itself. */
  redeem(text: string): string {
    return this.secrets.get(text) ?? text;
  }
}

/** In place, wherever it stands. */
function exchangeIn(value: unknown, exchange: (secret: string) => string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'clientSecret' && typeof inner === 'string') {
      if (inner !== '' && !inner.startsWith('slip:')) Reflect.set(value, key, exchange(inner));
    } else {
      exchangeIn(inner, exchange);
    }
  }
}
