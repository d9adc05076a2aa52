import { notFound } from '../http/not-found.ts';

export const handler = notFound();
