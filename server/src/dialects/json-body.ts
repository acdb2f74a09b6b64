import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PassbellError } from '../errors.ts';
import { isDeeper, MAX_DEPTH } from './nesting.ts';

/** The longest message that can be sent has 1,530 characters: 10 KB if each is escaped as `\uXXXX`. */
export const MAX_BODY = 65_536;

/**
 * Reads a JSON body; null where there is none. Of doubled keys the last one counts (RFC 8259 §4 leaves it open).
 * `__proto__` becomes a plain key, as `JSON.parse` makes it, and is read by nobody.
 * Throws `invalid_request` for anything but uncompressed UTF-8 JSON nested 16 levels deep at the most.
 */
export function readJson(request: FastifyRequest, body: Buffer): unknown {
  const coding = request.headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity')
    throw fault('Send the body uncompressed, without Content-Encoding.');
  if (body.length === 0) return null;
  if (!isUtf8(body)) throw fault('The body must be JSON in UTF-8.');
  const value = parse(body.toString('utf8'));
  if (isDeeper(value)) throw fault(`The body is nested deeper than ${MAX_DEPTH} levels.`);
  return value;
}

/** JSON is all that is spoken here: without its other parsers Fastify answers 415. */
export function speakJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_BODY },
    (request, body, done) => {
      try {
        done(null, readJson(request, body));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

/** The body's fields; throws `invalid_request` when it is not a JSON object. */
export function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw fault('The body must be a JSON object.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body: it stays here.
    throw fault('The body is not valid JSON.');
  }
}

function fault(message: string): PassbellError {
  return new PassbellError('invalid_request', { faults: [{ field: 'body', message }] });
}
