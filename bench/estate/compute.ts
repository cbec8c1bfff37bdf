import type { JsonObject } from '../../src/model/index.js';
import type { EstateRoles } from './identity.js';
import { ACCOUNT, arn, type Ledger, REGION, tags, WHEN } from './ledger.js';
import { type EstateSubnet, type EstateVpc, publicAddress } from './network.js';

const IMAGES = 20;
const TYPES = ['t3.micro', 't3.medium', 'm5.large', 'm6i.xlarge', 'c5.2xlarge', 'r5.large'];

/** What the instances of one Auto Scaling group, or a few that stand alone, have in common. */
interface Fleet {
  readonly name: string;
  readonly vpc: EstateVpc;
  readonly tier: 'public' | 'private';
  readonly groups: readonly JsonObject[];
  readonly role: string;
  readonly image: string;
  readonly type: string;
  readonly isImdsV1: boolean;
}

/** Instances of a VPC with interfaces, volumes and snapshots; two in three in Auto Scaling groups, one fleet in eight public. */
export function addInstances(ledger: Ledger, vpc: EstateVpc, roles: EstateRoles, count: number): void {
  const { random } = ledger;
  for (let left = count, fleets = 0; left > 0; fleets++) {
    const isGroup = random.next() < 0.5;
    const size = Math.min(left, isGroup ? 2 + random.below(18) : 1 + random.below(6));
    left -= size;
    const service = random.pick(vpc.services);
    const tier = random.next() < 0.12 ? 'public' : 'private';
    const roleNames = [tier === 'public' ? 'edge' : service, 'monitoring', 'ssh'].slice(0, 1 + random.below(3));
    const fleet: Fleet = {
      name: `${service}-${vpc.number}-${fleets}`,
      vpc,
      tier,
      groups: roleNames.map((name) => ({ GroupId: vpc.groups.get(name)!, GroupName: `vpc-${vpc.number}-${name}` })),
      role: random.pick(roles.instance),
      image: `ami-0${random.below(IMAGES).toString(16).padStart(16, '0')}`,
      type: random.pick(TYPES),
      isImdsV1: random.next() < 0.4,
    };
    const instances = Array.from({ length: size }, () => addInstance(ledger, fleet, isGroup));
    if (isGroup) addAutoScalingGroup(ledger, fleet, instances);
    if (tier === 'private' && random.next() < 0.25) addLoadBalancer(ledger, fleet, instances);
  }
}

export function addImages(ledger: Ledger): void {
  for (let i = 0; i < IMAGES; i++) {
    ledger.record('ec2/DescribeImages', 'Images', {
      Architecture: 'x86_64',
      CreationDate: WHEN,
      ImageId: `ami-0${i.toString(16).padStart(16, '0')}`,
      ImageLocation: `${ACCOUNT}/golden-${i}`,
      ImageType: 'machine',
      Public: false,
      OwnerId: ACCOUNT,
      PlatformDetails: 'Linux/UNIX',
      State: 'available',
      BlockDeviceMappings: [],
      Name: `golden-${i}`,
      RootDeviceName: '/dev/xvda',
      RootDeviceType: 'ebs',
      VirtualizationType: 'hvm',
      Tags: [],
    });
  }
}

interface Placed {
  readonly id: string;
  readonly zone: string;
}

function addInstance(ledger: Ledger, fleet: Fleet, isGroup: boolean): Placed {
  const { random } = ledger;
  const subnet = random.pick(fleet.vpc.subnets.filter((s) => s.tier === fleet.tier));
  const id = ledger.id('i');
  const isPublic = fleet.tier === 'public';
  const nic = networkInterface(ledger, fleet, subnet, isPublic);
  const volumes = ['/dev/xvda', ...(random.next() < 0.4 ? ['/dev/sdf'] : [])].map((device) => ({
    device,
    volume: addVolume(ledger, fleet, id, subnet.zone, device),
  }));
  ledger.record('ec2/DescribeInstances', 'Reservations', {
    Groups: [],
    Instances: [
      {
        AmiLaunchIndex: 0,
        Architecture: 'x86_64',
        BlockDeviceMappings: volumes.map(({ device, volume }) => ({
          DeviceName: device,
          Ebs: { AttachTime: WHEN, DeleteOnTermination: true, Status: 'attached', VolumeId: volume },
        })),
        BootMode: 'uefi-preferred',
        CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
        ClientToken: `${random.hex(8)}-${random.hex(4)}-${random.hex(4)}-${random.hex(12)}`,
        CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 },
        CurrentInstanceBootMode: 'legacy-bios',
        EbsOptimized: true,
        EnaSupport: true,
        EnclaveOptions: { Enabled: false },
        HibernationOptions: { Configured: false },
        Hypervisor: 'xen',
        IamInstanceProfile: {
          Arn: arn('iam', `instance-profile/${fleet.role}`, ''),
          Id: `AIPA${random.hex(16).toUpperCase()}`,
        },
        ImageId: fleet.image,
        InstanceId: id,
        InstanceType: fleet.type,
        KeyName: `team-${fleet.vpc.number}`,
        LaunchTime: WHEN,
        MaintenanceOptions: { AutoRecovery: 'default' },
        MetadataOptions: {
          HttpEndpoint: 'enabled',
          HttpProtocolIpv6: 'disabled',
          HttpPutResponseHopLimit: 2,
          HttpTokens: fleet.isImdsV1 ? 'optional' : 'required',
          InstanceMetadataTags: 'disabled',
          State: 'applied',
        },
        Monitoring: { State: 'disabled' },
        NetworkInterfaces: [nic.attached],
        Placement: { AvailabilityZone: subnet.zone, GroupName: '', Tenancy: 'default' },
        PlatformDetails: 'Linux/UNIX',
        PrivateDnsName: nic.dnsName,
        PrivateDnsNameOptions: {
          EnableResourceNameDnsAAAARecord: false,
          EnableResourceNameDnsARecord: false,
          HostnameType: 'ip-name',
        },
        PrivateIpAddress: nic.address,
        ProductCodes: [],
        PublicDnsName: nic.publicDnsName,
        ...(isPublic && { PublicIpAddress: nic.publicAddress }),
        RootDeviceName: '/dev/xvda',
        RootDeviceType: 'ebs',
        SecurityGroups: fleet.groups,
        SourceDestCheck: true,
        State: { Code: 16, Name: 'running' },
        StateTransitionReason: '',
        SubnetId: subnet.id,
        Tags: tags({
          Name: fleet.name,
          Team: `team-${fleet.vpc.number}`,
          Environment: 'prod',
          ...(isGroup && { 'aws:autoscaling:groupName': fleet.name }),
        }),
        UsageOperation: 'RunInstances',
        UsageOperationUpdateTime: WHEN,
        VirtualizationType: 'hvm',
        VpcId: fleet.vpc.id,
      },
    ],
    OwnerId: ACCOUNT,
    ReservationId: ledger.id('r'),
  });
  ledger.record('ec2/DescribeNetworkInterfaces', 'NetworkInterfaces', {
    ...nic.attached,
    Attachment: { ...nic.attachment, InstanceId: id, InstanceOwnerId: ACCOUNT },
    AvailabilityZone: subnet.zone,
    RequesterManaged: false,
    TagSet: [],
  });
  if (random.next() < 0.6) addManaged(ledger, id, nic.address);
  return { id, zone: subnet.zone };
}

/** An interface as the instance tells of it, and what else it says. */
function networkInterface(ledger: Ledger, fleet: Fleet, subnet: EstateSubnet, isPublic: boolean) {
  const address = subnet.nextAddress();
  const dnsName = `ip-${address.replaceAll('.', '-')}.ec2.internal`;
  const open = isPublic ? publicAddress(ledger) : '';
  const publicDnsName = isPublic ? `ec2-${open.replaceAll('.', '-')}.compute-1.amazonaws.com` : '';
  const association: JsonObject = isPublic
    ? { Association: { IpOwnerId: 'amazon', PublicDnsName: publicDnsName, PublicIp: open } }
    : {};
  const attachment: JsonObject = {
    AttachTime: WHEN,
    AttachmentId: ledger.id('eni-attach'),
    DeleteOnTermination: true,
    DeviceIndex: 0,
    NetworkCardIndex: 0,
    Status: 'attached',
  };
  const attached: JsonObject = {
    ...association,
    Attachment: attachment,
    Description: '',
    Groups: fleet.groups,
    InterfaceType: 'interface',
    Ipv6Addresses: [],
    MacAddress: ledger.random.hex(12).replace(/(..)(?=.)/g, '$1:'),
    NetworkInterfaceId: ledger.id('eni'),
    OwnerId: ACCOUNT,
    PrivateDnsName: dnsName,
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ ...association, Primary: true, PrivateDnsName: dnsName, PrivateIpAddress: address }],
    SourceDestCheck: true,
    Status: 'in-use',
    SubnetId: subnet.id,
    VpcId: subnet.vpc,
  };
  return { address, dnsName, publicAddress: open, publicDnsName, attachment, attached };
}

function addVolume(ledger: Ledger, fleet: Fleet, instance: string, zone: string, device: string): string {
  const { random } = ledger;
  const volume = ledger.id('vol');
  const key = random.next() < 0.7 ? arn('kms', `key/${fleet.vpc.number}`) : undefined;
  const encryption: JsonObject = key === undefined ? { Encrypted: false } : { Encrypted: true, KmsKeyId: key };
  ledger.record('ec2/DescribeVolumes', 'Volumes', {
    Attachments: [
      {
        AttachTime: WHEN,
        DeleteOnTermination: true,
        Device: device,
        InstanceId: instance,
        State: 'attached',
        VolumeId: volume,
      },
    ],
    AvailabilityZone: zone,
    CreateTime: WHEN,
    ...encryption,
    Iops: 3000,
    MultiAttachEnabled: false,
    Size: 50,
    SnapshotId: '',
    State: 'in-use',
    Tags: tags({ Name: `${fleet.name}${device}` }),
    Throughput: 125,
    VolumeId: volume,
    VolumeType: 'gp3',
  });
  if (random.next() < 0.5) {
    const snapshot = ledger.id('snap');
    ledger.record('ec2/DescribeSnapshots', 'Snapshots', {
      Description: `Created by the backup policy for ${volume}`,
      ...encryption,
      OwnerId: ACCOUNT,
      Progress: '100%',
      SnapshotId: snapshot,
      StartTime: WHEN,
      State: 'completed',
      StorageTier: 'standard',
      Tags: tags({ Name: fleet.name, 'aws:backup:source-resource': volume }),
      VolumeId: volume,
      VolumeSize: 50,
    });
    const shared = random.next() < 0.002 ? [{ UserId: '999988887777' }] : [];
    ledger.keyed('ec2/DescribeSnapshotAttribute', snapshot, { CreateVolumePermissions: shared, SnapshotId: snapshot });
  }
  return volume;
}

function addManaged(ledger: Ledger, instance: string, address: string): void {
  ledger.record('ssm/DescribeInstanceInformation', 'InstanceInformationList', {
    AgentVersion: '3.3.1611.0',
    ComputerName: `ip-${address.replaceAll('.', '-')}.ec2.internal`,
    IPAddress: address,
    InstanceId: instance,
    IsLatestVersion: false,
    LastPingDateTime: WHEN,
    PingStatus: 'Online',
    PlatformName: 'Amazon Linux',
    PlatformType: 'Linux',
    PlatformVersion: '2023',
    ResourceType: 'EC2Instance',
    SourceId: instance,
    SourceType: 'AWS::EC2::Instance',
  });
}

function addAutoScalingGroup(ledger: Ledger, fleet: Fleet, instances: readonly Placed[]): void {
  const template = { LaunchTemplateId: ledger.id('lt'), LaunchTemplateName: fleet.name, Version: '1' };
  ledger.record('auto-scaling/DescribeAutoScalingGroups', 'AutoScalingGroups', {
    AutoScalingGroupARN: arn(
      'autoscaling',
      `autoScalingGroup:${ledger.random.hex(8)}:autoScalingGroupName/${fleet.name}`,
    ),
    AutoScalingGroupName: fleet.name,
    AvailabilityZones: [...new Set(instances.map((i) => i.zone))].sort(),
    CreatedTime: WHEN,
    DefaultCooldown: 300,
    DesiredCapacity: instances.length,
    EnabledMetrics: [],
    HealthCheckGracePeriod: 300,
    HealthCheckType: 'ELB',
    Instances: instances.map(({ id, zone }) => ({
      AvailabilityZone: zone,
      HealthStatus: 'Healthy',
      InstanceId: id,
      InstanceType: fleet.type,
      LaunchTemplate: template,
      LifecycleState: 'InService',
      ProtectedFromScaleIn: false,
    })),
    LaunchTemplate: template,
    LoadBalancerNames: [],
    MaxSize: 20,
    MinSize: 1,
    NewInstancesProtectedFromScaleIn: false,
    ServiceLinkedRoleARN: arn(
      'iam',
      'role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
      '',
    ),
    SuspendedProcesses: [],
    Tags: [],
    TargetGroupARNs: [],
    TerminationPolicies: ['Default'],
    VPCZoneIdentifier: fleet.vpc.subnets
      .filter((s) => s.tier === fleet.tier)
      .map((s) => s.id)
      .join(','),
  });
}

function addLoadBalancer(ledger: Ledger, fleet: Fleet, instances: readonly Placed[]): void {
  const digits = ledger.random.hex(16);
  const name = fleet.name.slice(0, 32);
  const balancer = arn('elasticloadbalancing', `loadbalancer/app/${name}/${digits}`);
  const target = arn('elasticloadbalancing', `targetgroup/${name}/${digits}`);
  ledger.record('elastic-load-balancing-v2/DescribeLoadBalancers', 'LoadBalancers', {
    AvailabilityZones: fleet.vpc.subnets
      .filter((s) => s.tier === 'public')
      .map((s) => ({ LoadBalancerAddresses: [], SubnetId: s.id, ZoneName: s.zone })),
    CanonicalHostedZoneId: 'Z35SXDOTRQ7X7K',
    CreatedTime: WHEN,
    DNSName: `${name}-1234567890.${REGION}.elb.amazonaws.com`,
    IpAddressType: 'ipv4',
    LoadBalancerArn: balancer,
    LoadBalancerName: name,
    Scheme: ledger.random.next() < 0.5 ? 'internet-facing' : 'internal',
    SecurityGroups: [fleet.vpc.groups.get('lb')!],
    State: { Code: 'active' },
    Type: 'application',
    VpcId: fleet.vpc.id,
  });
  ledger.keyed('elastic-load-balancing-v2/DescribeListeners', balancer, {
    Listeners: [
      {
        DefaultActions: [{ TargetGroupArn: target, Type: 'forward', Order: 1 }],
        ListenerArn: `${balancer.replace('loadbalancer/', 'listener/')}/${ledger.random.hex(16)}`,
        LoadBalancerArn: balancer,
        Port: 443,
        Protocol: 'HTTPS',
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      },
    ],
  });
  ledger.record('elastic-load-balancing-v2/DescribeTargetGroups', 'TargetGroups', {
    HealthCheckEnabled: true,
    HealthCheckPath: '/health',
    HealthCheckPort: 'traffic-port',
    HealthCheckProtocol: 'HTTP',
    LoadBalancerArns: [balancer],
    Port: 8080,
    Protocol: 'HTTP',
    ProtocolVersion: 'HTTP1',
    TargetGroupArn: target,
    TargetGroupName: name,
    TargetType: 'instance',
    VpcId: fleet.vpc.id,
  });
  ledger.keyed('elastic-load-balancing-v2/DescribeTargetHealth', target, {
    TargetHealthDescriptions: instances.map(({ id }) => ({
      HealthCheckPort: '8080',
      Target: { Id: id, Port: 8080 },
      TargetHealth: { State: 'healthy' },
    })),
  });
}
