import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
  Injectable,
  Logger,
} from '@nestjs/common';
import { GatewayError, NotFoundError, UnexpectedError } from '../../core/errors/index.js';
import { FailureLines } from '../../core/limits/index.js';
import { isDingTalkClient } from './dingtalk-client.js';
import { errorPage } from './error.page.js';
import type { GatewayRequest } from './gateway-request.js';
import { preferredLocale, prefersJson } from './locale.js';
import { MESSAGES } from './messages.js';
import { PAGES_OPTIONS, type PagesOptions } from './pages.options.js';
import { type RequestContext, requestContext } from './request-context.js';
import { Responder } from './responder.js';
import { withReturnPath } from './with-return-path.js';

/** A request that the framework refused: not HTTP, an unknown content type, too large. */
class RefusedRequestError extends GatewayError {
  constructor(status: number) {
    super('invalid_request', { detail: `HTTP ${status}` });
  }
}

/**
 * The only place that turns an error into a response: a page, or JSON if requested. It redirects only to the NocoBase
 * whose plugin has sent the browser here, and which has its own page for the error.
 */
@Catch()
@Injectable()
export class GatewayErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(GatewayErrorFilter.name);
  private readonly lines = new FailureLines((withheld) =>
    this.logger.error({ event: 'errors_not_written', ...withheld }),
  );

  constructor(
    private readonly responder: Responder,
    @Inject(PAGES_OPTIONS) private readonly options: PagesOptions,
  ) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    await this.answer(thrown, http.getRequest<GatewayRequest>(), http.getResponse<unknown>());
  }

  async answer(thrown: unknown, request: GatewayRequest, response: unknown): Promise<void> {
    const error = asGatewayError(thrown);
    const context = requestContext(request);
    const id = context.requestId;
    this.log(error, id, request.ip);
    this.responder.header(response, 'X-Request-Id', id);
    if (error.retryAfterSeconds !== undefined) {
      this.responder.header(response, 'Retry-After', String(error.retryAfterSeconds));
    }
    const locale = preferredLocale(request);
    if (prefersJson(request)) {
      const { title, text } = MESSAGES[locale].errors[error.code];
      const message = [`${title}.`, text, ...(error.setting ? [`(${error.setting})`] : [])].join(' ');
      return this.responder.json(response, error.status, { error: error.code, message, requestId: id });
    }
    const elsewhere = context.errorUrl?.({ code: error.code, requestId: id });
    if (elsewhere !== undefined) return this.responder.redirect(response, 303, elsewhere);
    const links = {
      tryAgain: this.tryAgain(error, context),
      password: context.authenticator?.passwordUrl ?? this.options.passwordUrl,
      inDingTalk: isDingTalkClient(request),
    };
    return this.responder.page(response, error.status, errorPage(error, id, links, locale));
  }

  private tryAgain({ code }: GatewayError, { startPath, returnPath }: RequestContext): string {
    const { publicUrl } = this.options;
    // The sign-in page lists what exists; starting over at once would hide that the address was wrong.
    return code === 'not_found' ? `${publicUrl}/` : withReturnPath(publicUrl + startPath, returnPath);
  }

  /** Errors are logged as text: as objects they would include text from an upstream. */
  private log(error: GatewayError, id: string, ip: string | undefined): void {
    const line = { event: 'error', requestId: id, code: error.code, setting: error.setting, detail: error.detail };
    if (error.status >= 500 && !this.lines.mayWrite(ip, error.code)) return;
    if (error instanceof UnexpectedError) {
      const { cause } = error;
      this.logger.error({ ...line, stack: cause instanceof Error ? cause.stack : typeof cause });
    } else if (error.status >= 500) {
      this.logger.error(line);
    } else {
      this.logger.debug(line);
    }
  }
}

function asGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const status = thrown instanceof HttpException ? thrown.getStatus() : frameworkStatus(thrown);
  if (status === 404 || status === 405) return new NotFoundError();
  return status !== undefined && status >= 400 && status < 500
    ? new RefusedRequestError(status)
    : new UnexpectedError(thrown);
}

/** Fastify's own errors (an undecodable path, a body that is too large) have a `statusCode`. */
function frameworkStatus(thrown: unknown): number | undefined {
  const status: unknown = thrown instanceof Error ? Reflect.get(thrown, 'statusCode') : undefined;
  return typeof status === 'number' ? status : undefined;
}
