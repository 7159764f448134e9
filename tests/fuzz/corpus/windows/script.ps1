param($s = '10.0.0.0', [string]$q)
<# policies #>
$t = @"
Name,Data,File
a,PXEClient:Arch:00000,u.kpxe
b,PXEClient:Arch:00007,s.efi
"@ | ConvertFrom-Csv
$h = @{ ScopeId = $s; 'x' = 1, 2 }; $n = 1..3
Add-DhcpServerv4Scope -Name "n$($n[0])" -Start 10.0.0.10 -EndRange 10.0.0.90 `
    -SubnetMask 255.255.255.0
foreach ($i in $t) {
    if (!(Get-DhcpServerv4Class -Name $i.Name)) { Add-DhcpServerv4Class $i.Name Vendor $i.Data }
    Add-DhcpServerv4Policy @h -Name $i.Name -Condition Or -VendorClass EQ,"$($i.Name)*"
    Set-DhcpServerv4OptionValue @h -PolicyName $i.Name -OptionId 067 -Value $i.File
}
for ($i = 0; $i -lt 2; $i++) { $q += "$i" }
switch ($q) { '01' { $s } default { exit } }
try { '1.2' -split '\.' | % { $_ } } catch { netsh dhcp server scope $s set state 0 }
'a{0}' -f 'b', "c`n" + [int]'3'; $t.Name.Count -eq 2 -and -not $true
Get-DhcpServerv4Scope | ? State -eq 'Active' | Set-DhcpServerv4OptionValue -Router 10.0.0.1
netsh dhcp server \\x scope $s set optionvalue 66 STRING "a"
Invoke-Command { Add-DhcpServerv4Filter -List Deny -MacAddress "00-*" } -PassThru:$false
