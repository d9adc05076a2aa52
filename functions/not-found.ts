import { deployedRequestLog } from '../adapters/deployed-request-log.ts';
import { notFound } from '../http/not-found.ts';

export const handler = notFound(deployedRequestLog());
