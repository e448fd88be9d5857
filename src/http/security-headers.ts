import type { FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';

// No upgrade to HTTPS and no HSTS: the shop speaks plain HTTP on loopback, and a proxy in front of it sets its own.
const secure = helmet({
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
      imgSrc: ["'self'", 'data:'],
      // Swagger UI and the landing page bring their styles with them; scripts come from files only.
      styleSrc: ["'self'", "'unsafe-inline'"],
    },
  },
});

/** Headers that keep a browser from being used against the pages of the shop. */
export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  secure(request.raw, reply.raw, (error?: unknown) => {
    if (error instanceof Error) throw error;
  });
}
