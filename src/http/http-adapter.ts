import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AllowedMethods } from './allowed-methods.js';
import { answerBrokenRequest } from './connection-error.js';
import { MethodNotAllowed, NotFound } from './http.errors.js';
import { readJsonBodies } from './json-body.js';
import { problemOf, sendProblem } from './problem.js';
import { followRequests, requestId } from './request-context.js';
import { setSecurityHeaders } from './security-headers.js';

const BODY_LIMIT = 1024 * 1024;
/** As long as a URL can be: a long id is answered by the id's own check, which names it. */
const LONGEST_PARAM = 16 * 1024;

class ShopAdapter extends FastifyAdapter {
  /** Nest's own parsers would read forms too, and answer broken JSON in words of their own. */
  override registerParserMiddleware(): void {}
}

/**
 * Fastify with the limits of the shop. Create the application with `{ bodyParser: false, forceCloseConnections: true }`
 * beside it. Whatever a client sends, the answer is one of a route or a problem document.
 */
export function httpAdapter(): FastifyAdapter {
  const adapter = new ShopAdapter({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    genReqId: requestId,
    clientErrorHandler: answerBrokenRequest,
    routerOptions: { maxParamLength: LONGEST_PARAM },
    // The router has refused the URL before any hook ran.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      setSecurityHeaders(request, reply);
      sendProblem(reply, problemOf(error, request.id));
    },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  followRequests(fastify);
  readJsonBodies(fastify);
  answerUnknownRoutes(fastify);
  return adapter;
}

function answerUnknownRoutes(fastify: FastifyInstance): void {
  const allowed = new AllowedMethods(fastify);
  // Before the body is read: a path that does not exist is not the place to complain about a media type.
  fastify.addHook('onRequest', (request, reply, done) => {
    setSecurityHeaders(request, reply);
    if (!request.is404) return done();
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = allowed.of(path);
    const offered = methods.length > 0 && !methods.includes(request.method);
    done(offered ? new MethodNotAllowed(request.method, path, methods) : new NotFound(request.method, path));
  });
}
