import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config.js';
import { Unauthorized } from '../http/index.js';

/** Lets in who shows the ADMIN_TOKEN. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'ADMIN_TOKEN'>) {}

  canActivate(context: ExecutionContext): boolean {
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    const [, given] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    const { ADMIN_TOKEN } = this.config;
    if (!given || !ADMIN_TOKEN || !equal(given, ADMIN_TOKEN)) throw new Unauthorized();
    return true;
  }
}

/** In constant time; of the hashes, because only texts of one length can be compared so. */
const equal = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
