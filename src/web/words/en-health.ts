/** English words for the health check, for faults of links and deliveries, and for reads without effect. */
export const enHealth = {
  doctorName_store: 'Database',
  doctorName_configuration: 'Configuration',
  doctorName_disk: 'Disk',
  doctorName_clock: 'Clock',
  doctorName_http: 'Page and API',
  doctorName_broker: 'MQTT broker',
  doctorName_reader: 'Reader {id}',
  doctorName_destination: 'CRM {id}',

  doctor_CONFIG_OK: 'What {file} says is what runs.',
  doctor_CONFIG_CHANGED: '{file} was changed and is not what runs; different: {keys}.',
  doctorNext_CONFIG_CHANGED: 'Send SIGHUP (kill -HUP {pid}, or systemctl reload), or restart the gateway.',
  doctor_CONFIG_NEEDS_RESTART: '{file} was changed and is not what runs; different: {keys}.',
  doctorNext_CONFIG_NEEDS_RESTART: 'Restart the gateway: {restart} cannot change while it runs.',
  doctor_CONFIG_CERTIFICATE_RENEWED:
    'The certificate files of http.tls were changed; new connections still get the old certificate.',
  doctorNext_CONFIG_CERTIFICATE_RENEWED: 'Send SIGHUP (kill -HUP {pid}, or systemctl reload), or restart the gateway.',
  doctor_CONFIG_BROKEN: 'The next start with {file} would fail: {mistakes}',
  doctorNext_CONFIG_BROKEN: 'Mend that; silentgate check shows every mistake. The gateway goes on with what it has.',
  doctor_STORE_OK: 'The database can be written.',
  doctor_STORE_UNWRITABLE: 'The database {file} cannot be written.',
  doctorNext_STORE_UNWRITABLE: 'Check the disk and who owns the folder.',
  doctor_STORE_DAMAGED: 'The database {file} is damaged; what stands in it may be wrong.',
  doctorNext_STORE_DAMAGED: 'Stop the gateway and restore the last backup: silentgate restore FILE.',
  doctor_DISK_OK: '{freeMb} MB are free on the disk of the database.',
  doctor_DISK_LOW: 'Only {freeMb} MB are free on the disk of the database.',
  doctorNext_DISK_LOW: 'Make room: remove old backups and logs.',
  doctor_DISK_FULL: 'The disk of the database is full: {freeMb} MB are free.',
  doctorNext_DISK_FULL: 'Make room now: remove old backups and logs.',
  doctor_DISK_UNKNOWN: 'How much space is free cannot be told.',
  doctorNext_DISK_UNKNOWN: 'Check that {folder} is there.',
  doctor_CLOCK_OK: 'The clock says {now}.',
  doctor_CLOCK_WRONG: 'The clock says {now}, which cannot be.',
  doctorNext_CLOCK_WRONG: 'Switch on time synchronisation (timedatectl set-ntp true).',
  doctor_CLOCK_BACK: 'The clock says {now}, earlier than the newest event on record ({newest}).',
  doctorNext_CLOCK_BACK: 'Switch on time synchronisation (timedatectl set-ntp true).',
  doctor_HTTP_OPEN:
    'The page listens on {host} without encryption: anybody on the network can read keys and sessions on their way.',
  doctorNext_HTTP_OPEN: 'Set http.tls, or listen on 127.0.0.1 behind a proxy that speaks HTTPS.',
  doctor_BROKER_OK: 'The MQTT broker {address} is connected.',
  doctor_BROKER_OFFLINE:
    'The MQTT broker {address} is not connected, so none of its {readers} readers is heard. {error}',
  doctorNext_BROKER_OFFLINE: 'Check that the broker runs, and the mqtt section of the configuration.',
  doctor_READER_OK: 'It is connected and reads.',
  doctor_READER_QUIET: 'It is connected, but reads no tag. Last read: {lastReadAt}.',
  doctorNext_READER_QUIET:
    'Hold a tag before each antenna; if nothing comes, check antenna cables, transmit power and whether reading is started.',
  doctor_READER_OFFLINE: 'It is not connected ({address}). {error}',
  doctorNext_READER_OFFLINE: 'Check its power, its cable or network, and the address in the configuration.',
  doctor_READER_GONE: 'The broker is reached, but the reader says that it is offline.',
  doctorNext_READER_GONE: 'Check the reader’s power and network, and its own broker settings.',
  doctor_READER_CLOCK: 'Its clock is off by {offsetMs}.',
  doctorNext_READER_CLOCK: 'Set the same NTP server on the reader as on the gateway.',
  doctor_READER_REJECTS: 'Much of what it sent had no effect: {reasons}.',
  doctorNext_READER_REJECTS: 'Check profile, baud rate and cabling.',
  doctor_READER_IN_USE: 'It is used by another program. {error}',
  doctorNext_READER_IN_USE:
    'End the other program, or take the reader over with takeOver: true where it only left its work behind.',
  doctor_READER_LOGIN_REFUSED: 'It does not let the gateway in. {error}',
  doctorNext_READER_LOGIN_REFUSED:
    'Correct login of this reader in the configuration: the user name, and the secret that holds the password.',
  doctor_READER_LOGIN_MISSING: 'It does not let the gateway in. {error}',
  doctorNext_READER_LOGIN_MISSING: 'Add login, with username and password, to this reader in the configuration.',
  doctor_READER_SILENT: 'It has missed its heartbeats: not a word from it for {silentS} s.',
  doctorNext_READER_SILENT: 'Check its power and network; its last word was that all is well, so it was cut off.',
  doctor_READER_REGION_REFUSED: 'It reads nothing because its region is not settled. {error}',
  doctorNext_READER_REGION_REFUSED:
    'Set region in the configuration to one that the reader was made for and the law here allows.',
  doctor_READER_POWER_REFUSED: 'It reads nothing because it refuses its transmit power. {error}',
  doctorNext_READER_POWER_REFUSED: 'Set power in the configuration to what the reader and its region allow.',
  doctor_READER_ANTENNA_REFUSED: 'It reads nothing because it refuses its antennas. {error}',
  doctorNext_READER_ANTENNA_REFUSED:
    'Check that antennas in the configuration names ports that the reader has, and that each has an antenna on it.',
  doctor_READER_ROSPEC_REFUSED: 'It reads nothing because it refuses its reading plan (ROSpec). {error}',
  doctorNext_READER_ROSPEC_REFUSED:
    'Take power, session and antennas out of the configuration one by one: one of them is not for this reader.',
  doctor_READER_REFUSED: 'It reads nothing because it cannot be set up. {error}',
  doctorNext_READER_REFUSED:
    'Check that the profile in the configuration is for this model: silentgate reader detect tells which one it is.',
  doctor_READER_NO_ANSWER: 'The link is open, but nothing that answers as its profile says is on it. {error}',
  doctorNext_READER_NO_ANSWER:
    'Check power, cable, port and baud rate; silentgate reader detect finds what is connected.',
  doctor_READER_UNREADABLE:
    'What it sends cannot be read on, so its connection is opened anew again and again, after a pause each time. {error}',
  doctorNext_READER_UNREADABLE:
    'Check that its address and port are those of LLRP and that nothing else writes on that connection; then update the reader’s firmware. What it sends between is read.',
  doctor_READER_UNSTEADY:
    'The link is open, but not well: it was lost or given up soon after it was opened, or a part of it is refused. {error}',
  doctorNext_READER_UNSTEADY:
    'Check cable, plug and power supply, and whether another program or device takes the connection; at a broker, the rights of the gateway’s account.',
  doctor_READER_PARTLY_SET_UP: 'It refuses a part of its set-up and is read without it. {error}.',
  doctorNext_READER_PARTLY_SET_UP:
    'Check that the profile is for this model, and update the reader’s firmware; silentgate reader detect tells which profile fits.',
  doctor_READER_HALTED: 'It reads nothing because somebody told it to stop.',
  doctorNext_READER_HALTED: 'silentgate reader start {reader} lets it read again.',
  doctor_READER_ANTENNAS_OFF: 'It reads nothing: it says that no antenna is connected to its ports {antennas}.',
  doctorNext_READER_ANTENNAS_OFF:
    'Check the antenna cables at both ends, and that the antennas are on the ports that the configuration names.',
  doctor_READER_STOPPED: 'It is connected, but says that it is not taking inventory.',
  doctorNext_READER_STOPPED:
    'Start the inventory on the reader’s own page, and see that it starts by itself after a restart; or set off the trigger (GPI) that starts it.',
  doctor_READER_ARMED: 'It is armed: it waits for its trigger (GPI) and reads nothing until that comes.',
  doctorNext_READER_ARMED:
    'Walk through the light barrier; if nothing comes, check the wiring of the GPI, or let the reader read all the time.',
  doctor_READER_FILTER: 'It reads no tag; its filter lets only some tags through. Last read: {lastReadAt}.',
  doctorNext_READER_FILTER:
    'Hold a tag of your own before it; if it is not read, take filter out of the configuration and try again.',
  doctor_READER_POWER_LOW: 'It reads no tag; its transmit power is set to {power} dBm only. Last read: {lastReadAt}.',
  doctorNext_READER_POWER_LOW:
    'Hold a tag close to the antenna: if it is read there, raise power in the configuration.',
  doctor_READER_QUIET_USUAL:
    'It is connected and reads no tag, as is usual for it at this time of day. Last read: {lastReadAt}.',
  doctor_READER_ONLY_SENDS: 'It sends reads, but answers nothing: it is only listened to, and no setting reaches it.',
  doctorNext_READER_ONLY_SENDS:
    'Check the line from here to the reader (our TX to its RX, or a converter that only listens); region, power and filter of the configuration have no effect until it answers.',
  doctor_READER_WAITING: 'It is connected and has read no tag since the start.',
  doctor_READER_ANTENNA_OFF: 'It says that nothing is connected to its antenna port {antennas}.',
  doctorNext_READER_ANTENNA_OFF:
    'Check the antenna cable at both ends; take the port out of the configuration when it is not used.',
  doctor_READER_ANTENNA_DEAD:
    'Antenna {antennas} reads nothing while the others read; usual are {usual} reads per second.',
  doctorNext_READER_ANTENNA_DEAD:
    'Hold a tag before it: if it is not read, change its cable with that of an antenna that works. Where the goods were taken away this is right, and forgotten after some days.',
  doctor_READER_ANTENNA_QUIET:
    'Antenna {antennas} reads less than a fifth of what is usual for it, {usual} reads per second.',
  doctorNext_READER_ANTENNA_QUIET:
    'Check its cable and whether something of metal stands before it. Where goods were taken away this is right, and forgotten after some days.',
  doctor_READER_ANTENNA_NEVER: 'Antenna {antennas} has read nothing since the start, while the others read.',
  doctorNext_READER_ANTENNA_NEVER:
    'Check that an antenna is on that port, and that the configuration names the right one.',
  doctor_READER_ANTENNA_BAD: 'It complains of an antenna: {error}.',
  doctorNext_READER_ANTENNA_BAD:
    'Check the antenna’s cable and plug (high return loss: the power comes back), and that the antenna is for this band.',
  doctor_READER_HOT: 'It is too hot and pauses: {error}.',
  doctorNext_READER_HOT: 'Give it air, lower power in the configuration, or let it rest between rounds.',
  doctor_READER_COMPLAINS: 'It complains: {error}.',
  doctorNext_READER_COMPLAINS: 'The reader’s manual says what it means; its own page may say more.',
  doctor_READER_OTHER_MODEL: 'It says that it is another model than its profile is for.',
  doctorNext_READER_OTHER_MODEL: 'silentgate reader detect tells which profile fits.',
  doctor_READER_UNSTABLE: 'Its connection was lost again and again within the last hour.',
  doctorNext_READER_UNSTABLE:
    'Check cable, plug and power supply; on a network, look for a second device with the same address.',
  doctor_READER_RESTARTS: 'It began anew again and again within the last hour.',
  doctorNext_READER_RESTARTS:
    'Its power supply may be too weak for its transmit power: a USB port gives less than a mains adapter.',
  doctor_READER_CATCHING_UP: 'It delivers reads that it had kept while it was cut off, {lateS} s old.',
  doctor_READER_GAPS: 'It numbers its reads, and {missing} of them never came.',
  doctorNext_READER_GAPS:
    'Check the broker’s queue limits (docs/mosquitto.md), QoS 1 on the reader, and that its buffer is large enough.',
  doctor_READER_OVERFLOW: 'It lost reads because its own memory was full.',
  doctorNext_READER_OVERFLOW:
    'Check the network to the reader; on the reader, make its buffer as large as it can be, or let it report less often.',
  doctor_READER_BUFFER_FILLING: 'Its memory is filling up: its reads come here more slowly than it makes them.',
  doctorNext_READER_BUFFER_FILLING: 'Check the network to the reader and how busy the gateway’s machine is.',
  doctor_READER_PC_WORD:
    'It puts the PC word in front of the EPC ({count} reads). It was cut off where it is certain to be one.',
  doctorNext_READER_PC_WORD:
    'Set it to report the EPC alone (“PC+EPC” or “PC” off in its output format), or give the PC word a field of its own in its map.',
  doctor_READER_UNPLACED:
    'It reads tags, but none of it has effect: no read point belongs to the antenna that is named, or none is named (reads: {reads}).',
  doctorNext_READER_UNPLACED:
    'Name a read point for each of its antennas in the configuration. Reports that name no antenna need a reader with one read point.',
  doctor_READER_ALL_WEAK: 'It reads tags, but none of it has effect: too weak for the read point (reads: {reads}).',
  doctorNext_READER_ALL_WEAK:
    'Lower minRssi of its read points in the configuration, or bring antenna and tags closer together.',
  doctor_READER_ALL_STRAYS:
    'It reads nothing but strays: no tag was read often enough to count as being there, so none has effect (tags: {reads}).',
  doctorNext_READER_ALL_STRAYS:
    'Bring tags and antenna closer together, or raise the power. Where the reader reports each tag only once, its read point should be of kind handheld or desk, or its map should say round: true.',
  doctor_READER_ALL_COPIES:
    'It reads tags, but none of it has effect: its reports carry times that were reported before (reports: {reads}).',
  doctorNext_READER_ALL_COPIES:
    'Check that the clock of the reader goes, and that its messages are not published twice or from a recording.',
  doctor_READER_CROWDED: 'More tags are present than the gateway keeps: further tags that it reads have no effect.',
  doctorNext_READER_CROWDED:
    'Raise presence.memory in the configuration, or look which place keeps too many tags, and lower departAfterMs of its read point.',
  doctor_READER_UNCONFIRMED: 'It is connected and reads; its first tags wait for a second read.',
  doctor_READER_ANTENNA_NO_EFFECT: 'Antenna {antennas} reads tags, but none of it has effect: {reasons}.',
  doctorNext_READER_ANTENNA_NO_EFFECT:
    'Strays: bring tags and antenna closer together. Too weak: lower minRssi. No read point: name one for this antenna in the configuration.',
  doctor_READER_TOO_WEAK: 'It reads, but nearly all of it ({rejected} of {reads}) is filtered out as too weak.',
  doctorNext_READER_TOO_WEAK:
    'Lower minRssi of its read points in the configuration, or bring antenna and tags closer together.',
  doctor_READER_TOO_LARGE:
    'One of its messages had {size} bytes, more than the {limit} that are taken: nothing of it was read.',
  doctorNext_READER_TOO_LARGE: 'Let the reader send smaller messages, more often.',
  doctor_READER_COLUMN_MISSING: 'What it sends has no column {missing}; its columns are {there}.',
  doctorNext_READER_COLUMN_MISSING: 'Name the columns in the reader’s map as its header does.',
  doctor_READER_TIME_UNIT: 'Its times come in {found} where {due} is due; they are taken as {found}.',
  doctorNext_READER_TIME_UNIT: 'Let the reader send {due}, or give its map format: {format}.',
  doctor_READER_TIME_ZONE: 'It sends times without a zone; they are taken as {zone}, the zone of the site.',
  doctorNext_READER_TIME_ZONE: 'If its clock shows another zone, set timeZone of the reader.',
  doctor_READER_NO_TIME_ZONE:
    'It sends times without a zone, and no zone is configured: its reads have the time of receipt.',
  doctorNext_READER_NO_TIME_ZONE: 'Set site.timeZone, or timeZone of the reader.',
  doctor_DESTINATION_OK: 'Delivery works; waiting: {waiting}.',
  doctor_DESTINATION_UNTESTED: 'Untested: nothing was delivered yet; waiting: {waiting}.',
  doctorNext_DESTINATION_UNTESTED:
    'Let something happen, such as a new item in front of a reader, and look here again: only a delivery shows that address and secret are right.',
  doctor_DESTINATION_RETRYING: 'Delivery fails at present; waiting: {waiting}. {error}',
  doctorNext_DESTINATION_RETRYING:
    'Nothing is lost and it is tried again by itself; check that the CRM runs and that its address and secret are right.',
  doctor_DESTINATION_PAUSED: 'Delivery is paused; waiting: {waiting}. {error}',
  doctorNext_DESTINATION_PAUSED:
    'Nothing is lost and it is tried again by itself; check that the CRM runs and that its address and secret are right.',
  doctor_DESTINATION_DISABLED: 'Delivery is switched off; waiting: {waiting}. {error}',
  doctorNext_DESTINATION_DISABLED: 'Ask the CRM’s owner, then switch it on again below.',
  doctor_DESTINATION_DEAD: 'Refused for good by the CRM: {dead}.',
  doctorNext_DESTINATION_DEAD: 'See why under the dead letters below, cure it, and send them again.',

  effect_REPEAT: 'Same tag again (normal)',
  effect_BELOW_FLOOR: 'Signal too weak',
  effect_STRAY: 'Strays from elsewhere',
  effect_LATE: 'Came too late',
  effect_DUPLICATE: 'Sent twice',
  effect_RETAINED: 'Old message kept by the broker',
  effect_NO_READ_POINT: 'Antenna without a read point',
  effect_NO_CONSENT: 'Person did not agree',
  effect_NO_TAG: 'No tag in the field (normal)',
  effect_PRESENCE_FULL: 'Too many tags at once',
  effect_STORE_FAILED: 'Could not be stored',
  effect_BACKLOG_FULL: 'Dropped: too many waited for the disk',
  effect_BAD_CHECKSUM: 'Damaged on the way',
  effect_BAD_TAG_CRC: 'Tag read with errors',
  effect_BAD_LENGTH: 'Wrong length of a frame',
  effect_BAD_END: 'Frame without its end',
  effect_TRUNCATED: 'Message was cut off',
  effect_INCOMPLETE: 'Message was cut off',
  effect_JUNK: 'Noise on the line',
  effect_SHORT_REPORT: 'Report too short',
  effect_LONG_REPORT: 'Report too long',
  effect_LONG_LINE: 'Line too long',
  effect_TOO_LARGE: 'Message too large',
  effect_TOO_LONG: 'Message too large',
  effect_TOO_DEEP: 'Message nested too deep',
  effect_UNKNOWN_FRAME: 'Frame of an unknown kind',
  effect_UNKNOWN_LINE: 'Line of an unknown kind',
  effect_UNKNOWN_MESSAGE: 'Message of an unknown kind',
  effect_UNKNOWN_SHAPE: 'Message of an unknown kind',
  effect_BAD_JSON: 'Message is not JSON',
  effect_NOT_OBJECT: 'Message is not a JSON object',
  effect_NO_ID: 'Report without a tag number',
  effect_NO_EPC: 'Report without a tag number',
  effect_LONG_ID: 'Tag number too long',
  effect_NOT_HEX: 'Tag number is not hexadecimal',
  effect_BAD_EPC_HEX: 'Tag number is not hexadecimal',
  effect_BAD_EPC_LENGTH: 'Tag number of a wrong length',
  effect_EPC_LENGTH: 'Tag number of a wrong length',
  effect_PC_LENGTH: 'Tag number of a wrong length',
  effect_EPC_MISMATCH: 'Two numbers of one tag differ',
  effect_RANDOM_UID: 'Card gives a new number each time',
  effect_ANTENNA_UNPARSED: 'Antenna not understood',
  effect_TIME_UNPARSED: 'Time not understood',
  effect_RSSI_UNPARSED: 'Signal strength not understood',
  effect_RSSI_IMPLAUSIBLE: 'Signal strength cannot be true',
  effect_TID_READ_ERROR: 'Chip number could not be read',
  effect_CLOCK_SKEW: 'Reader’s clock is wrong',
  effect_READER_OVERFLOW: 'Reader lost reads: its memory was full',
  effect_READER_BUFFER_FILLING: 'Reader’s memory is filling',
  effect_READER_COMPLAINED: 'Reader reported an error',
  effect_READER_EXCEPTION: 'Reader reported an error',
  effect_READER_REFUSED: 'Reader refused a command',
  effect_READER_TIMEOUT: 'Reader did not answer in time',
  effect_READER_REBOOTED: 'Reader restarted',
  effect_ANTENNA_DISCONNECTED: 'Antenna came off',
  effect_OTHER_CLIENT: 'Another program uses the reader',
  effect_OTHER_MODEL: 'Reader is of another model',
} as const;
