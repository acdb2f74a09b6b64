import { failures } from '../failure.ts';
import { failureBody, failureOf } from './errors.ts';

export const { answer, answersErrors } = failures({ dialect: 'octopush', failureOf, failureBody });
