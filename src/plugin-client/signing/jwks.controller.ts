import { Controller, Get, Header } from '@nestjs/common';
import { JWKS_PATH } from '../../core/plugin-protocol/index.js';
import { Signer } from './signer.js';

/** The public keys for verifying our signatures; cached for at most a minute, because of rotations. */
@Controller()
export class JwksController {
  constructor(private readonly signer: Signer) {}

  @Get(JWKS_PATH)
  // RFC 7517, section 8.5.2
  @Header('Content-Type', 'application/jwk-set+json')
  @Header('Cache-Control', 'public, max-age=60')
  @Header('X-Content-Type-Options', 'nosniff')
  show(): string {
    return JSON.stringify(this.signer.publicKeys());
  }
}
