/*
 * fault_rows.h - the order of the catalogue: most frequent first.
 *
 * The order follows the volume of reports, and flattens out after the first
 * sixty; the last rows, about files rather than boots, stand outside it. The
 * rows themselves are in one file for each layer (fault_rows_*.inc), placed
 * by these numbers.
 */
#ifndef PXE_CHAIN_FAULT_ROWS_H
#define PXE_CHAIN_FAULT_ROWS_H

enum fault_rank {
	RANK_NO_DHCP_OFFER,
	RANK_CHAINLOAD_LOOP,
	RANK_WRONG_NEXT_SERVER,
	RANK_TFTP_FILE_NOT_FOUND,
	RANK_TFTP_REQUEST_UNANSWERED,
	RANK_TFTP_DATA_BLOCKED,
	RANK_OFFER_WITHOUT_BOOTFILE,
	RANK_ARCH_BIOS_FILE_TO_UEFI,
	RANK_ARCH_UEFI_FILE_TO_BIOS,
	RANK_OPTION60_WITHOUT_4011,
	RANK_STP_PORT_BLOCKING,
	RANK_SECURE_BOOT_REJECTS_LOADER,
	RANK_PROXYDHCP_4011_SILENT,
	RANK_DHCP_NOT_RELAYED,
	RANK_PROXYDHCP_NOT_RELAYED,
	RANK_HTTP_NOT_FOUND,
	RANK_EXEC_FORMAT_ERROR,
	RANK_INITRD_NOT_NAMED_ON_EFI,
	RANK_SHIM_SECOND_STAGE_WRONG_PATH,
	RANK_IPXE_NATIVE_DRIVER_FAILS,
	RANK_TLS_UNTRUSTED_CERTIFICATE,
	RANK_TWO_DHCP_SERVERS,
	RANK_BOOTFILE_TRAILING_BYTE,
	RANK_TFTP_REPLY_FROM_WRONG_ADDRESS,
	RANK_LARGE_FRAMES_DROPPED,
	RANK_IPXE_FILENAME_WITHOUT_NEXT_SERVER,
	RANK_DHCP_POOL_EXHAUSTED,
	RANK_DHCP_IDENTITY_CHANGES_MID_CHAIN,
	RANK_DHCP_NAK,
	RANK_NAK_FROM_OTHER_SERVER,
	RANK_DHCP_REQUEST_UNANSWERED,
	RANK_OFFER_REJECTED_BY_CLIENT,
	RANK_OFFER_NOT_DELIVERED,
	RANK_RELAY_DROPS_REPLY,
	RANK_GIADDR_SUBNET_UNDECLARED,
	RANK_ONLY_PROXY_OFFERS,
	RANK_UEFI_IGNORES_PROXY_OFFER,
	RANK_PROXYDHCP_ANSWER_WITHOUT_FILE,
	RANK_DNSMASQ_PROXY_WITHOUT_PXE_SERVICE,
	RANK_DNSMASQ_PXE_SERVICE_SUFFIX,
	RANK_DNSMASQ_ARCH_NAME_SWAPPED,
	RANK_PXE_MENU_REOFFERED_TO_IPXE,
	RANK_IPXE_WITHOUT_USER_CLASS,
	RANK_USER_CLASS_ENCODING_MISMATCH,
	RANK_FIRMWARE_IPXE_LACKS_FEATURE,
	RANK_ARCH_NOT_COVERED,
	RANK_ARCH_WRONG_CPU,
	RANK_RASPBERRY_PI_ARCH_ZERO,
	RANK_CLASS_TEST_NEVER_MATCHES,
	RANK_KEA_CLASS_NOT_EVALUATED,
	RANK_KEA_FIRST_CLASS_WINS,
	RANK_KEA_OPTION_BEATS_CLASS,
	RANK_OPTION_DATA_MISREAD,
	RANK_RESERVATION_OVERRIDES_CLASS,
	RANK_BOOTFILE_IN_WRONG_FIELD,
	RANK_OPTION67_NOT_REQUESTED,
	RANK_OPTION_OVERLOAD_MISREAD,
	RANK_BOOT_FILENAME_TOO_LONG,
	RANK_BOOTFILE_SIZE_OPTION_WRONG,
	RANK_ACK_WITHOUT_BOOTFILE,
	RANK_PROXY_OVERRIDES_DHCP_FILE,
	RANK_PROXY_OFFER_LATE,
	RANK_OPTION43_FOREIGN_CONTENT,
	RANK_OPTION43_MALFORMED,
	RANK_BOOT_SERVER_DISCOVERY_FAILS,
	RANK_TFTP_ACCESS_DENIED,
	RANK_TFTP_PATH_PREFIX_MISMATCH,
	RANK_TFTP_DAEMON_NOT_LISTENING,
	RANK_TFTP_OPTION_REJECTED,
	RANK_TFTP_WINDOWSIZE_STALL,
	RANK_TFTP_BLOCK_ROLLOVER,
	RANK_PACKET_LOSS,
	RANK_HTTP_URL_IN_PXE_CLIENT,
	RANK_HTTPBOOT_OFFER_WITHOUT_HTTPCLIENT,
	RANK_HTTPBOOT_URI_OR_DNS_UNUSABLE,
	RANK_HTTPBOOT_TYPE_UNKNOWN,
	RANK_HTTPBOOT_SIZE_UNKNOWN,
	RANK_HTTP_REDIRECT_TO_HTTPS,
	RANK_HTTP_CONNECTION_REFUSED,
	RANK_HTTP_SERVER_SILENT,
	RANK_HTTP_STATUS_OTHER,
	RANK_HTTP_TRUNCATED,
	RANK_DNS_SERVER_MISSING,
	RANK_DNS_SERVER_SILENT,
	RANK_DNS_NAME_NOT_FOUND,
	RANK_TLS_NO_COMMON_CIPHER,
	RANK_TLS_CLOCK_WRONG,
	RANK_TLS_NAME_MISMATCH,
	RANK_LDLINUX_MISSING_OR_MISMATCHED,
	RANK_PXELINUX_CONFIG_MISSING,
	RANK_GRUB_CONFIG_MISSING,
	RANK_SCRIPT_WITHOUT_NETWORK,
	RANK_SCRIPT_VARIABLE_EMPTY,
	RANK_SCRIPT_FLOW_ERROR,
	RANK_WRONG_NIC_FIRST,
	RANK_SHARED_USB_NIC_IDENTITY,
	RANK_SERVER_IGNORES_CLIENT,
	RANK_BOOT_ABORTED_BY_POLICY,
	RANK_DHCP_PORT_IN_USE,
	RANK_SERVER_ON_WRONG_INTERFACE,
	RANK_GATEWAY_OR_MASK_WRONG,
	RANK_ARP_UNANSWERED,
	RANK_ADDRESS_CONFLICT,
	RANK_LACP_PORT_SUSPENDED,
	RANK_VLAN_MISMATCH,
	RANK_PORT_AUTHENTICATION,
	RANK_NO_LINK,
	RANK_NBP_STARTS_THEN_SILENT,
	RANK_IMAGE_CORRUPT,
	RANK_INSTALLER_STAGE_FAILS,
	RANK_WINDOWS_BCD_OR_WIM_MISSING,
	RANK_SAN_ROOT_PATH_INVALID,
	RANK_IPV6_FIRST_DELAY_OR_FAILURE,
	RANK_OFFER_TOO_LATE,
	RANK_FIRMWARE_BOOT_ORDER_RETRY,
	RANK_HTTPBOOT_REDIRECT_NOT_FOLLOWED,
	RANK_TFTP_EMPTY_FILE,
	RANK_CONFIG_REJECTED,
	RANK_UNUSED_TAG,
	RANK_STATEMENT_WITHOUT_EFFECT,
	RANK_HOST_SHADOWED,
	RANK_UNREACHABLE_BRANCH,
	RANK_DEPRECATED_FORM,
	RANK_SCRIPT_COMMAND_INVALID,
	RANK_SCRIPT_LABEL_MISSING,
	RANK_SCRIPT_LABEL_TWICE,
	RANK_SCRIPT_LABEL_UNUSED,
	RANK_SCRIPT_UNREACHABLE,
	RANK_SCRIPT_FAILURE_NOT_CAUGHT,
	RANK_SCRIPT_LOOP_WITHOUT_PAUSE,
	RANK_SCRIPT_MENU_MISMATCH,
	RANK_SCRIPT_BYTES_ODD,
	RANK_SCRIPT_QUOTES,
	RANK_SCRIPT_TEST_CONSTANT,
	RANK_SCRIPT_REFERENCE_MALFORMED,
	RANK_SCRIPT_SECRET_IN_CLEAR,
	RANK_SCRIPT_NUMBER_UNLIKELY,
	RANK_SCRIPT_IMAGE_KEPT,
	RANK_SCRIPT_NOTHING_SELECTED,
	RANK_SCRIPT_TEMPLATE,
	RANK_BOOT_OPTIONS_FOR_ALL,
	RANK_POLICY_HIDDEN,
	RANK_N,
};

/* Remedies that several rows share. */
#define REMEDY_ISC_BY_CLIENT \
    "option arch code 93 = unsigned integer 16;\n" \
    "option ipxe-data code 175 = string;\n" \
    "next-server 192.0.2.10;\n" \
    "if exists ipxe-data {\n" \
    "    filename \"http://192.0.2.10/boot.ipxe\";\n" \
    "} elsif option arch = 00:00 {\n" \
    "    filename \"undionly.kpxe\";\n" \
    "} elsif option arch = 00:06 {\n" \
    "    filename \"ia32/snponly.efi\";\n" \
    "} elsif option arch = 00:07 or option arch = 00:09 {\n" \
    "    filename \"snponly.efi\";\n" \
    "} elsif option arch = 00:0b {\n" \
    "    filename \"arm64/snponly.efi\";\n" \
    "}"

#define REMEDY_DNSMASQ_BY_CLIENT \
    "dhcp-match=set:ipxe,175\n" \
    "dhcp-match=set:bios,option:client-arch,0\n" \
    "dhcp-match=set:ia32,option:client-arch,6\n" \
    "dhcp-match=set:x64,option:client-arch,7\n" \
    "dhcp-match=set:x64,option:client-arch,9\n" \
    "dhcp-match=set:arm64,option:client-arch,11\n" \
    "dhcp-boot=tag:ipxe,http://192.0.2.10/boot.ipxe\n" \
    "dhcp-boot=tag:!ipxe,tag:bios,undionly.kpxe,,192.0.2.10\n" \
    "dhcp-boot=tag:!ipxe,tag:ia32,ia32/snponly.efi,,192.0.2.10\n" \
    "dhcp-boot=tag:!ipxe,tag:x64,snponly.efi,,192.0.2.10\n" \
    "dhcp-boot=tag:!ipxe,tag:arm64,arm64/snponly.efi,,192.0.2.10"

#define REMEDY_KEA_BY_CLIENT \
    "// the first class that sets a file wins: iPXE stands first\n" \
    "\"next-server\": \"192.0.2.10\",\n" \
    "\"client-classes\": [\n" \
    "  { \"name\": \"ipxe\", \"test\": \"option[175].exists\",\n" \
    "    \"boot-file-name\": \"http://192.0.2.10/boot.ipxe\" },\n" \
    "  { \"name\": \"bios\", \"test\": \"option[93].hex == 0x0000\",\n" \
    "    \"boot-file-name\": \"undionly.kpxe\" },\n" \
    "  { \"name\": \"ia32\", \"test\": \"option[93].hex == 0x0006\",\n" \
    "    \"boot-file-name\": \"ia32/snponly.efi\" },\n" \
    "  { \"name\": \"x64\",\n" \
    "    \"test\": \"option[93].hex == 0x0007 or option[93].hex == 0x0009\",\n" \
    "    \"boot-file-name\": \"snponly.efi\" },\n" \
    "  { \"name\": \"arm64\", \"test\": \"option[93].hex == 0x000b\",\n" \
    "    \"boot-file-name\": \"arm64/snponly.efi\" }\n" \
    "]"

#define REMEDY_WINDOWS_BY_ARCH \
    "# a class and a policy for each architecture; the * matters\n" \
    "$s = @{ ScopeId = '192.0.2.0' }\n" \
    "$files = @{\n" \
    "    '00000' = 'undionly.kpxe'\n" \
    "    '00006' = 'ia32/snponly.efi'\n" \
    "    '00007' = 'snponly.efi'\n" \
    "    '00009' = 'snponly.efi'\n" \
    "    '00011' = 'arm64/snponly.efi'\n" \
    "}\n" \
    "Set-DhcpServerv4OptionValue @s -OptionId 66 -Value '192.0.2.10'\n" \
    "foreach ($a in $files.Keys) {\n" \
    "    $n = \"PXE $a\"\n" \
    "    $d = \"PXEClient:Arch:$a\"\n" \
    "    $c = @{ Condition = 'Or'; VendorClass = @('EQ', \"$n*\") }\n" \
    "    $v = @{ OptionId = 67; Value = $files[$a] }\n" \
    "    Add-DhcpServerv4Class -Name $n -Type Vendor -Data $d\n" \
    "    Add-DhcpServerv4Policy @s @c -Name $n\n" \
    "    Set-DhcpServerv4OptionValue @s -PolicyName $n @v\n" \
    "}"

#endif
