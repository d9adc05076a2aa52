import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import cdk from '../../cdk.json' with { type: 'json' };
import { SignetStack, type SignetStackProps } from '../../infra/stack.ts';

/** A resource of a template, its references written as the names of what they refer to: `<TablesClients.Arn>`. */
export interface TemplateResource {
  readonly id: string;
  readonly name: string;
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** What `cdk synth` makes of an issuer's stack. */
export interface SynthesizedStack {
  readonly resources: readonly TemplateResource[];
  readonly outputs: Readonly<Record<string, { readonly Value: string }>>;
  /** The resources of a type. */
  ofType(type: string): readonly TemplateResource[];
  /** The one resource of a type. */
  only(type: string): TemplateResource;
  /** The one resource with this name. */
  named(name: string): TemplateResource;
  /** The settings of a function. */
  environment(name: string): Readonly<Record<string, string>>;
}

/**
 * Synthesizes an issuer's stack as the app does, but without bundles.
 *
 * @throws Error when cdk-nag finds something that was not acknowledged
 */
export function synthesize(props: SignetStackProps = {}): SynthesizedStack {
  const template = JSON.stringify(synthesizeTemplate(props));
  const { Resources, Outputs }: RenderedTemplate = JSON.parse(template, (_, value) => render(value));
  const resources = Object.entries(Resources).map(([id, resource]) => ({
    id,
    name: nameOf(id),
    ...resource,
  }));
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type);
  const named = (name: string) => one(resources.filter((resource) => resource.name === name));
  return {
    resources,
    outputs: Outputs,
    ofType,
    only: (type) => one(ofType(type)),
    named,
    environment(name) {
      const { Variables = {} } = (named(name).Properties['Environment'] ?? {}) as {
        readonly Variables?: Readonly<Record<string, string>>;
      };
      return Variables;
    },
  };
}

function one(found: readonly TemplateResource[]): TemplateResource {
  const [resource] = found;
  if (resource && found.length === 1) return resource;
  throw new Error(`there are ${found.length} such resources where one was looked for`);
}

interface RenderedTemplate {
  readonly Resources: Readonly<Record<string, Omit<TemplateResource, 'id' | 'name'>>>;
  readonly Outputs: SynthesizedStack['outputs'];
}

function synthesizeTemplate(props: SignetStackProps): unknown {
  const outdir = mkdtempSync(join(tmpdir(), 'signet-synth-'));
  try {
    const app = new App({ outdir, context: { ...cdk.context, 'aws:cdk:bundling-stacks': [] } });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    new SignetStack(app, 'Signet', props);
    return app.synth().getStackByName('Signet').template;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** A logical id is the ids of the constructs, put together, and eight digits that make it unique. */
function nameOf(logicalId: string): string {
  return logicalId.replace(/^Issuer(.+)[0-9A-F]{8}$/, '$1');
}

function render(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return `<${nameOf(String(value.Ref))}>`;
  const [intrinsic, argument] = Object.entries(value)[0] ?? [];
  if (intrinsic === 'Fn::GetAtt') return `<${nameOf(argument[0])}.${argument[1]}>`;
  if (intrinsic === 'Fn::Join') return argument[1].join(argument[0]);
  return value;
}
