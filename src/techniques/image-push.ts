import {
  at,
  type Condition,
  flag,
  isMentionedOnly,
  type Json,
  objects,
  partitionOf,
  text,
  unknown,
} from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { containerWork } from './container-work.js';
import { fact } from './fact.js';
import type { Technique } from './technique.js';
import { inEcs, onAppRunnerService } from './workload-states.js';
import { idsOfType, nameOf, stated, type World } from './world.js';

const PUSH = ['ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'];
const GUIDE = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide';

/** What runs an image of a repository by its tag, and what has it pulled again. */
interface Consumer {
  readonly id: string;
  readonly images: readonly string[];
  /** Calls on it in the state in which it is, without which nothing is pulled. */
  readonly first: readonly string[];
  /** Calls on it of which any has it pull the tag anew. */
  readonly pulls: readonly string[];
  /** It does so by itself as soon as an image is pushed. */
  readonly isAutomatic: boolean;
}

/** Pushing an image under the tag that something runs: `exec workload ← permissions on the repository, having it pulled`. */
export const imagePush: Technique = {
  id: 'ecr-push-image',
  title: 'Push an image under the tag that a workload runs',
  tactic: 'Persistence',
  attack: ['T1525', 'T1195.002'],
  references: [
    `${GUIDE}/image-push-iam.html`,
    `${GUIDE}/image-tag-mutability.html`,
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html',
    'https://docs.aws.amazon.com/apprunner/latest/dg/manage-deploy.html',
  ],
  premises: [
    `Principals under the intruder’s control may call ${PUSH.join(', ')} on the repository.`,
    'A service of ECS or App Runner names an image of it by a tag, not by a digest; its tags may be moved, or the intruder may have them be so (ecr:PutImageTagMutability) or delete the image (ecr:BatchDeleteImage).',
    'The tag is pulled anew: at once where App Runner deploys what is pushed; by a deployment that the intruder may start (ecs:UpdateService, apprunner:StartDeployment; apprunner:ResumeService before, where the service is paused); else when somebody deploys.',
  ],
  assumptions: [],
  difficulty: { cost: 3, reason: 'an image that works as the one before, and a deployment' },
  detection: [...PUSH, ...onAppRunnerService.calls, 'ecs:UpdateService', 'apprunner:StartDeployment'].map(eventOf),
  remediation: 'Make the tags of the repository immutable, name images by digest, and keep pushing to the pipeline.',
  steps: (world, emit) => {
    const runs = consumers(world).flatMap((consumer) =>
      consumer.images.flatMap((image) => {
        const repository = repositoryOf(image);
        return repository === undefined ? [] : [{ consumer, repository }];
      }),
    );
    const repositories = [...new Set(runs.map(({ repository }) => repository))].sort();
    if (repositories.length === 0) return;
    const lists = new Map(['ecs:service', 'apprunner:service'].map((type) => [type, idsOfType(world, type)]));
    const may: May = (action, id) => {
      const resources = lists.get(world.graph.asset(id)?.type ?? '') ?? repositories;
      return world.permissions.may({ action, resources }).of(id);
    };
    for (const { consumer, repository } of runs) {
      const push = PUSH.flatMap((action) => may(action, repository) ?? []);
      if (push.length < PUSH.length) continue;
      for (const moving of waysToMoveTags(world, repository, may))
        for (const pulling of waysToPull(consumer, may))
          emit({
            head: fact('exec', consumer.id),
            body: [...push, ...moving.body, ...pulling.body],
            conditions: [...moving.conditions, ...pulling.conditions],
            label: {
              technique: imagePush,
              detail: () => ({
                text: `Push an image of one’s own to ${nameOf(world, repository)} under the tag that ${nameOf(world, consumer.id)} runs.`,
                evidence: [stated(world, consumer.id, `runs an image of ${repository} by its tag`)],
                fix: `Make the tags of ${nameOf(world, repository)} immutable, and limit who may push to it.`,
              }),
            },
          });
    }
  },
};

function consumers(world: World): readonly Consumer[] {
  const services = containerWork(world).flatMap(({ id, definition }): readonly Consumer[] => {
    const service = world.graph.asset(id);
    if (definition === undefined || service?.type !== 'ecs:service' || inEcs.of(service.record) === undefined)
      return [];
    const isByEcs = (text(at(service.record, 'deploymentController', 'type')) ?? 'ECS') === 'ECS';
    const pulls = isByEcs ? ['ecs:UpdateService'] : [];
    return [{ id, images: imagesOf(definition.record), first: [], pulls, isAutomatic: false }];
  });
  const apps = world.graph.assetsOfType('apprunner:service').map(({ id, record }): Consumer => {
    const source = at(record, 'SourceConfiguration');
    const image = text(at(source, 'ImageRepository', 'ImageIdentifier'));
    const first = onAppRunnerService.of(record);
    return {
      id,
      images: image === undefined || first === undefined ? [] : [image],
      first: first ?? [],
      pulls: ['apprunner:StartDeployment'],
      isAutomatic: flag(at(source, 'AutoDeploymentsEnabled')) === true,
    };
  });
  return [...services, ...apps];
}

const imagesOf = (definition: Json | undefined): readonly string[] =>
  objects(at(definition, 'containerDefinitions')).flatMap((container) => text(container['image']) ?? []);

/** An image of ECR by its tag, `latest` where it names none; one that is named by its digest stays what it is. */
const IMAGE = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::[^@]+)?$/;

function repositoryOf(image: string): string | undefined {
  const [, account, region = '', name] = IMAGE.exec(image) ?? [];
  return account === undefined ? undefined : `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${name}`;
}

interface Way {
  readonly body: readonly string[];
  readonly conditions: readonly Condition[];
}

type May = (action: string, id: string) => string | undefined;

const AT_ONCE: Way = { body: [], conditions: [] };

/** Ways by which a tag in use comes to stand for another image. */
function waysToMoveTags(world: World, repository: string, may: May): readonly Way[] {
  const asset = world.graph.asset(repository);
  if (asset === undefined || isMentionedOnly(asset)) {
    const why = `ecr/DescribeRepositories was not collected for ${repository}: whether its tags may be moved is not known`;
    return [{ body: [], conditions: [unknown('ecr:repository', why)] }];
  }
  const mutability = text(at(asset.record, 'imageTagMutability')) ?? 'MUTABLE';
  if (mutability === 'MUTABLE') return [AT_ONCE];
  const undone = ['ecr:PutImageTagMutability', 'ecr:BatchDeleteImage'].flatMap((action): readonly Way[] => {
    const permission = may(action, repository);
    return permission === undefined ? [] : [{ body: [permission], conditions: [] }];
  });
  if (mutability === 'IMMUTABLE') return undone;
  const why = `whether the tag in use is one of ${repository} that may be moved (${mutability}) is not judged`;
  return [...undone, { body: [], conditions: [unknown('image tag', why)] }];
}

/** Ways by which the tag is pulled anew; that somebody deploys is left open. */
function waysToPull({ id, first, pulls, isAutomatic }: Consumer, may: May): readonly Way[] {
  const choices = isAutomatic ? [first] : pulls.map((action) => [...first, action]);
  const own = choices.flatMap((actions): readonly Way[] => {
    const body = actions.flatMap((action) => may(action, id) ?? []);
    return body.length < actions.length ? [] : [{ body, conditions: [] }];
  });
  if (own.some(({ body }) => body.length === 0)) return [AT_ONCE];
  return [...own, { body: [], conditions: [unknown('deployment', `when ${id} is deployed next is not known`)] }];
}
