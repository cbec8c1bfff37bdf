import { at, type Condition, isObject, type JsonObject, objects, onceFor, text, unknown } from '../model/index.js';
import { roleOfInstance } from './instance-role.js';
import type { World } from './world.js';

const DEFAULT_HOST_MANAGEMENT = '/ssm/managed-instance/default-ec2-instance-management-role';

/**
 * What has to hold for the SSM agent of an instance to obey: registered and online, or (where that was not collected) able to be, by its role or
 * by Default Host Management.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
 */
export function managedBySsm(world: World, instance: string): readonly Condition[] | undefined {
  const online = world.observed.isManagedBySsm(instance);
  if (online !== undefined) return online ? [] : undefined;
  const because = (why: string): readonly Condition[] => [
    unknown('SSM agent', `whether ${instance} is registered with Systems Manager was not collected; ${why}`),
  ];
  if (roleAllows(world, instance)) return because('its role allows it');
  const byDefault = isManagedByDefault(world, instance);
  if (byDefault === false) return undefined;
  return because(
    byDefault
      ? 'Default Host Management allows it'
      : 'its role does not allow it, and whether Default Host Management does was not collected either',
  );
}

/**
 * What has to hold for the agent to obey once an instance that is stopped was started: it was registered before, or will register by its role or by Default
 * Host Management.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_InstanceInformation.html
 */
export function managedOnceStarted(world: World, instance: string): readonly Condition[] | undefined {
  const asset = world.graph.asset(instance);
  const answer = asset && world.observed.answer('ssm/DescribeInstanceInformation', asset.account, asset.region);
  if (isObject(answer) && registered(answer).has(instance.slice(instance.lastIndexOf('/') + 1))) return [];
  const byDefault = isManagedByDefault(world, instance);
  if (!roleAllows(world, instance) && byDefault === false) return undefined;
  const why = `whether it registers with Systems Manager once ${instance}, which is stopped, was started is not in the API`;
  return [unknown('SSM agent', why)];
}

/** The nodes that Systems Manager knows, online or not. */
const registered = onceFor(
  (answer: JsonObject) =>
    new Set(objects(answer['InstanceInformationList']).flatMap((node) => text(node['InstanceId']) ?? [])),
);

function roleAllows(world: World, instance: string): boolean {
  const held = roleOfInstance(world, instance);
  if (!held) return false;
  const { verdict } = world.iam.evaluate({
    principal: held.role,
    action: 'ssm:UpdateInstanceInformation',
    resource: '*',
  });
  return verdict !== 'explicit-deny' && verdict !== 'implicit-deny';
}

/**
 * Whether instances of an account and region whose role does not let the agent register are given one that does; `undefined` where that was not
 * collected. An account that never set it has `$None`.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html
 */
function isManagedByDefault(world: World, instance: string): boolean | undefined {
  const asset = world.graph.asset(instance);
  if (!asset) return undefined;
  const answer = world.observed.answer('ssm/GetServiceSetting', asset.account, asset.region);
  const setting = at(answer, DEFAULT_HOST_MANAGEMENT);
  if (setting === undefined) return undefined;
  const role = text(at(setting, 'ServiceSetting', 'SettingValue')) ?? '';
  return role !== '' && role !== '$None';
}
