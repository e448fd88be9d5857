import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { problemResponse } from './answers.js';
import { Problem } from './problem.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Serves `/openapi.json` and, from files of the installed package, `/docs`. To be called before the application listens. */
export function describeApi(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Switchyard',
  });
}

/** The OpenAPI 3.1 document of all routes. */
function openApiDocument(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Switchyard')
    .setDescription('One shop, two designs: the same calls and the same answers in every COMM_MODE.')
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN' }, 'admin')
    .build();
  const document = SwaggerModule.createDocument(app, about, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
    standardSchemaConverter: (schema, { schemaType }) => jsonSchemaOf(schema as z.ZodType, schemaType),
  });
  const { components: problem } = jsonSchemaOf(Problem, 'output');
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...problem } };
  for (const path of Object.values(document.paths))
    for (const method of METHODS) if (path[method]) addCommonProblems(path[method]);
  return document;
}

/** zod's own JSON Schema of 2020-12, which is that of OpenAPI 3.1; schemas with an id become components. */
function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const { $defs = {}, $schema: _, ...whole } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return { schema: whole as object, components: $defs as Record<string, object> };
}

/** The problems that follow from what an operation takes, so that no route has to repeat them. */
function addCommonProblems(operation: Operation): void {
  const places = (operation.parameters ?? []).map((parameter) => ('in' in parameter ? parameter.in : undefined));
  const statuses = new Set([503]);
  if (places.includes('path') || places.includes('header')) statuses.add(400);
  if (places.includes('query')) statuses.add(422);
  if (operation.requestBody) for (const status of [400, 413, 415, 422]) statuses.add(status);
  for (const status of statuses) operation.responses[status] ??= problemResponse(status);
}
