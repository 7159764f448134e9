# UEFI and BIOS machines are told apart, iPXE is not: each gets its loader
# again. The class of the BIOS policy has no '*', so it is for nobody.
$scope = '192.0.2.0'
$server = '192.0.2.10'
Add-DhcpServerv4Scope -Name lab -StartRange 192.0.2.100 `
    -EndRange 192.0.2.199 -SubnetMask 255.255.255.0 -State Active
Add-DhcpServerv4Class -Name 'PXE x64' -Type Vendor -Data 'PXEClient:Arch:00007'
Add-DhcpServerv4Class -Name 'PXE BIOS' -Type Vendor -Data 'PXEClient:Arch:00000'
Set-DhcpServerv4OptionValue -ScopeId $scope -OptionId 66 -Value $server
Add-DhcpServerv4Policy -ScopeId $scope -Name x64 -Condition Or -VendorClass EQ,'PXE x64*'
Set-DhcpServerv4OptionValue -ScopeId $scope -PolicyName x64 -OptionId 67 -Value snponly.efi
Add-DhcpServerv4Policy -ScopeId $scope -Name bios -Condition Or -VendorClass EQ,'PXE BIOS'
Set-DhcpServerv4OptionValue -ScopeId $scope -PolicyName bios -OptionId 67 -Value undionly.kpxe
