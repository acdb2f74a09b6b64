import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Answer } from './ask.ts';
import { type Described, type Json, resolved } from './described.ts';

/** Finds what in an answer is not as the document says; null: nothing. */
export type Judge = (operation: Described, method: string, answer: Answer) => string | null;

const PROBLEM = 'application/problem+json';

/** Says where a value is not as a schema of the document has it; null: nowhere. */
export function fitsSchema(document: Json): (schema: unknown, value: unknown) => string | null {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ ...document, $id: 'document' });
  const compiled = new Map<string, ValidateFunction>();

  return (schema, value) => {
    const text = JSON.stringify(schema);
    const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text.replaceAll('"#/', '"document#/')));
    compiled.set(text, validate);
    return validate(value) ? null : `${ajv.errorsText(validate.errors)} in ${JSON.stringify(value).slice(0, 500)}`;
  };
}

export function judgeBy(document: Json): Judge {
  const faultsBy = fitsSchema(document);

  return ({ responses, methods }, method, { status, headers, body }) => {
    if (!methods.includes(method)) return notAllowed();
    const response = responses[status];
    if (response === undefined) return `status ${status} is not documented: ${body.subarray(0, 500)}`;
    return headerFault(response) ?? bodyFault(response);

    /** A method that the path does not have. */
    function notAllowed(): string | null {
      // Who asks, and what a body is, is looked at before.
      if (![400, 401, 403, 405, 413, 415, 422].includes(status)) return `${method} was answered ${status}`;
      if (status === 405 && headers['allow'] !== methods.join(', ')) return `Allow is ${headers['allow']}`;
      return problemFault();
    }

    function headerFault({ headers: described = {} }: Json): string | null {
      for (const [name, value] of Object.entries(described as Json)) {
        const { required, schema } = resolved(document, value);
        const given = headers[name.toLowerCase()];
        if (given === undefined && required === true) return `${name} is missing`;
        const fault = given === undefined ? null : faultsBy(schema, given);
        if (fault !== null) return `${name}: ${fault}`;
      }
      return null;
    }

    function bodyFault({ content }: Json): string | null {
      const type = headers['content-type'];
      if (content === undefined)
        return body.length === 0 ? null : `there is a body with ${status}: ${body.subarray(0, 200)}`;
      const media = Object.entries(content as Json).find(([name]) => base(name) === base(type));
      if (media === undefined) return `${type} with ${status} is not documented`;
      if (base(type) === PROBLEM)
        return problemFault() ?? faultsBy((media[1] as Json)['schema'], JSON.parse(`${body}`));
      return base(type) === 'application/json' ? faultsBy((media[1] as Json)['schema'], JSON.parse(`${body}`)) : null;
    }

    function problemFault(): string | null {
      if (base(headers['content-type']) !== PROBLEM)
        return `${headers['content-type']} is no problem: ${body.subarray(0, 200)}`;
      const problem = JSON.parse(`${body}`) as Json;
      if (problem['status'] !== status) return `the problem says ${problem['status']} in an answer ${status}`;
      return faultsBy({ $ref: '#/components/schemas/Problem' }, problem);
    }
  };
}

function base(type = ''): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase();
}
