import { TextError, type Text, verbatim } from '../core/texts/index.js';
import { GatewayError } from '../core/errors/index.js';
import { UpstreamHttpError, UpstreamResponseError, UpstreamUnreachableError } from '../core/upstream/index.js';
import { PluginError } from '../plugin-client/index.js';
import { TEXTS } from './texts.js';

/** What an administrator must do about a failure of NocoBase or DingTalk; contains no text from them. */
export function explain(error: unknown): Text {
  // Messages about the configuration name variables, never values.
  if (error instanceof TextError) return error.text;
  if (error instanceof UpstreamHttpError && error.httpStatus === 401) {
    return TEXTS.passwordRefused;
  }
  if (error instanceof UpstreamHttpError && error.httpStatus === 403) {
    return TEXTS.notRoot;
  }
  if (error instanceof PluginError) return TEXTS.noSettings(error.trouble);
  if (isAnotherServer(error)) return TEXTS.notNocoBase(error.detail ?? error.code);
  if (error instanceof UpstreamUnreachableError) return TEXTS.noAnswer(error.detail ?? error.code);
  if (error instanceof GatewayError) return verbatim(error.detail ?? error.code);
  return TEXTS.unexpected;
}

/** Every NocoBase has the action that commands sign in with, and answers it as documented. */
function isAnotherServer(error: unknown): error is UpstreamHttpError | UpstreamResponseError {
  if (!(error instanceof UpstreamHttpError || error instanceof UpstreamResponseError)) return false;
  const isMissing = error instanceof UpstreamResponseError || error.httpStatus === 404;
  return isMissing && error.call.operation === 'auth:signIn';
}
